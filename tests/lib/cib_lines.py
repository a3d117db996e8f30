#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a CIB configures, one thing a line and sorted, without what tools choose by themselves: ids, and the order of things."""
import sys
import xml.etree.ElementTree as xml


def words(element, *without):
    attributes = dict(element.attrib)
    for name in ("id", *without):
        attributes.pop(name, None)
    if "interval" in attributes:
        attributes["interval"] = attributes["interval"].removesuffix("s")
    return [f"{name}={attributes[name]}" for name in sorted(attributes)]


def resource_lines(element):
    name = element.get("id")
    yield [name, element.tag, *words(element)]
    for kind in ("instance_attributes", "meta_attributes"):
        for pair in element.findall(f"{kind}/nvpair"):
            yield [name, kind, pair.get("name"), pair.get("value")]
    for operation in element.findall("operations/op"):
        yield [name, *words(operation)]
    for child in element.findall("primitive"):
        yield [name, "of", child.get("id")]
        yield from resource_lines(child)


def rule_words(rule):
    # One expression needs no operator, and two are joined by "and" unless it says otherwise.
    operator = rule.get("boolean-op", "and") if len(rule) > 1 else ""
    expressions = sorted(" ".join(words(part)) for part in rule)
    return [*words(rule, "boolean-op"), f" {operator} ".join(expressions)]


def lines(cib):
    for pair in cib.iterfind("configuration/crm_config//nvpair"):
        yield ["property", pair.get("name"), pair.get("value")]
    for element in cib.find("configuration/resources"):
        yield from resource_lines(element)
    for constraint in cib.find("configuration/constraints"):
        yield [constraint.tag, constraint.get("id"), *words(constraint)]
        for rule in constraint.findall("rule"):
            yield [constraint.tag, constraint.get("id"), *rule_words(rule)]


print("\n".join(sorted(" ".join(line) for line in lines(xml.parse(sys.argv[1])))))

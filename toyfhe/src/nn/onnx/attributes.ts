/**
 * Attributes of ONNX operators: which are known, and what each may be.
 * @module
 */
import type { AttributeProto, NodeProto } from './messages.ts';

/** Tells what is unsupported about an attribute's value, or undefined. */
export type AttributeRule = (attribute: AttributeProto) => string | undefined;

/** Whatever its value is. */
export const anything: AttributeRule = () => undefined;

/** One of these integers. */
export const integer =
  (...allowed: readonly number[]): AttributeRule =>
  ({ i }) =>
    i !== undefined && allowed.includes(i) ? undefined : String(i);

/** One finite number. */
export const float: AttributeRule = ({ f }) => (f !== undefined && Number.isFinite(f) ? undefined : String(f));

/** This axis, or one counted from the last: which one that is, the shape will tell. */
export const fromTheEnd =
  (allowed: number): AttributeRule =>
  ({ i }) =>
    i === allowed || (i !== undefined && i < 0) ? undefined : String(i);

/** One of these texts. */
export const text =
  (...allowed: readonly string[]): AttributeRule =>
  ({ s }) =>
    s !== undefined && allowed.includes(s) ? undefined : String(s);

/** So many integers: two for the directions of an image, four for its sides. */
export const integers =
  (count: number): AttributeRule =>
  ({ ints }) =>
    ints.length === count ? undefined : JSON.stringify(ints);

/** Only ones. */
export const ones: AttributeRule = ({ ints }) => (ints.every((x) => x === 1) ? undefined : JSON.stringify(ints));

/** Every attribute of a node that its operator does not know, or not with this value: `group = 2`. */
export function attributeProblems(node: NodeProto, rules: Readonly<Record<string, AttributeRule>>): string[] {
  return [...node.attributes.values()].flatMap((attribute) => {
    const rule = Object.hasOwn(rules, attribute.name) ? rules[attribute.name] : undefined;
    if (rule === undefined) return [attribute.name];
    const wrong = rule(attribute);
    return wrong === undefined ? [] : [`${attribute.name} = ${wrong}`];
  });
}

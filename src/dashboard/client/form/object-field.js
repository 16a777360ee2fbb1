/** Several fields with names: what is required, then what may be left alone. */

import { el } from "../dom/el.js";
import { group } from "./group.js";
import { showMistakes } from "./labelled.js";
import { below, byFirstPart, hintFor } from "./pointer.js";
import { isObject } from "./schema-kind.js";
import { helpOf } from "./text-field.js";
import { wordsOfName } from "./words-of-name.js";

/** @typedef {import("../types.d.ts").Field} Field */
/** @typedef {import("../types.d.ts").FieldContext} FieldContext */
/** @typedef {import("../types.d.ts").JsonSchema} JsonSchema */

/**
 * @param {JsonSchema} schema
 * @param {FieldContext} context
 * @returns {Field}
 */
export function objectField(schema, context) {
  const { required, value } = context;
  // An object that may be left out starts folded and is left out until something in it is filled in.
  const fields = partsOf(schema, context);
  const mistakes = el("div", { class: "mistakes" });
  const given = isObject(value);
  const upfront = fields.filter(({ isUpfront }) => isUpfront).map(({ field }) => field.node);
  const more = fields.filter(({ isUpfront }) => !isUpfront).map(({ field }) => field.node);
  const moreNode =
    more.length === 0 ? null : el("details", { class: "more" }, el("summary", {}, "More options"), ...more);
  const inner = el("div", { class: "fields" }, mistakes, ...upfront, moreNode);
  const node = context.label === "" ? inner : group({ ...context, help: helpOf(schema, context) }, inner);
  return {
    node,
    value: () => {
      /** @type {Record<string, unknown>} */
      const object = {};
      for (const { name, field } of fields) {
        const part = field.value();
        if (part !== undefined) object[name] = part;
      }
      if (required || given) return object;
      return Object.values(object).every((part) => part === "") ? undefined : object;
    },
    setErrors: (errors) => {
      const { own, inside } = byFirstPart(errors, new Set(fields.map(({ name }) => name)));
      showMistakes(mistakes, own);
      for (const { name, field, isUpfront } of fields) {
        const theirs = inside.get(name) ?? [];
        field.setErrors(theirs);
        // A mistake that is folded away is not seen.
        if (theirs.length > 0 && !isUpfront) moreNode?.setAttribute("open", "");
      }
    },
  };
}

/**
 * @param {JsonSchema} schema
 * @param {FieldContext} context
 */
function partsOf({ properties = {}, required = [] }, { pointer, value, hints, create }) {
  const shown = Object.entries(properties).filter(
    ([name, part]) => part.readOnly !== true && hintFor(hints, below(pointer, name)).hidden !== true,
  );
  return shown.map(([name, part]) => {
    const inside = below(pointer, name);
    const { label, upfront } = hintFor(hints, inside);
    const isRequired = required.includes(name);
    const partValue = isObject(value) ? value[name] : undefined;
    const field = create(part, {
      pointer: inside,
      label: label ?? wordsOfName(name),
      required: isRequired,
      value: partValue,
      hints,
      create,
    });
    return { name, field, isUpfront: isRequired || upfront === true || partValue !== undefined };
  });
}

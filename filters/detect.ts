/** The `detect` filter: changes what looks like personal data in any text. What is found is in detectors/. */

import { defineFilter, type FilterContext, type FilterResult, type OptionProblem, Type } from "../src/mod.ts";
import { ActionOptions, actionProblems } from "./actions/action-options.ts";
import { createAction } from "./actions/create-action.ts";
import { builtInDetectors } from "./detectors/built-in.ts";
import { type Detection, detectAction } from "./detectors/detect-action.ts";
import type { Detector } from "./detectors/detector.ts";
import { patternDetector, patternProblem } from "./detectors/pattern.ts";
import { payloadFilter } from "./payload/payload-filter.ts";
import { changesKey, labelIn, payloadProblems, textPayloadOptions } from "./payload/payload-options.ts";

const Pattern = Type.Object(
  {
    name: Type.String({
      pattern: "^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$",
      description: "What the evidence calls it.",
    }),
    pattern: Type.String({
      minLength: 1,
      maxLength: 1000,
      description: "A regular expression as RE2 has them; it sees to its boundaries itself (\\b).",
    }),
  },
  { additionalProperties: false },
);

const KNOWN = builtInDetectors.map(({ name }) => name);

/** Looked at by `check`, which can say which name is unknown. */
const DetectorName = Type.String({
  description: builtInDetectors.map(({ name, description }) => `${name}: ${description}`).join(" "),
});

const Options = Type.Object(
  {
    detectors: Type.Optional(
      Type.Union([Type.Literal("all"), Type.Array(DetectorName, { minItems: 1, maxItems: builtInDetectors.length })], {
        description: "What is looked for: all that strait knows, or these.",
      }),
    ),
    patterns: Type.Optional(
      Type.Array(Pattern, { minItems: 1, maxItems: 100, description: "Patterns of your own, looked for as well." }),
    ),
    change: ActionOptions,
    changeFor: Type.Optional(
      Type.Record(Type.String(), ActionOptions, {
        description: "Another change for what one of the detectors or patterns finds, by its name.",
      }),
    ),
    scope: Type.Optional(
      Type.Union([Type.Literal("match"), Type.Literal("field")], {
        default: "match",
        description:
          "match: only what was found is changed, the text around it stays; drop cuts it out. field: the whole text; drop removes the field.",
      }),
    ),
    numbers: Type.Optional(
      Type.Boolean({
        default: false,
        description: "JSON only: numbers are looked at, too, as they are spelt. One that is changed becomes a string.",
      }),
    ),
    ...textPayloadOptions,
  },
  { additionalProperties: false },
);
type Options = Type.Static<typeof Options>;

export default defineFilter({
  name: "detect",
  description:
    "Changes e-mail addresses, telephone, account, card and identity numbers and what your patterns find, in every text of values, keys or headers. A net for what nobody expected; it does not replace an allow-list.",
  options: Options,
  changesKey,

  check(options) {
    const names = namesIn(options);
    const problems: OptionProblem[] = [];
    if (names.length === 0) problems.push({ path: "", message: "needs `detectors`, `patterns` or both" });
    problems.push(...nameProblems(options));
    for (const [index, { pattern }] of (options.patterns ?? []).entries()) {
      const message = patternProblem(pattern);
      if (message !== null) problems.push({ path: `/patterns/${index}/pattern`, message });
    }
    for (const [path, change] of changesIn(options)) problems.push(...changeProblems(options, change, path));
    const { target = "value", format = "json" } = options;
    if (options.numbers === true && (target === "headers" || format !== "json"))
      problems.push({ path: "/numbers", message: "is for JSON only" });
    return [...problems, ...payloadProblems(options, { tags: false, paths: [] })];
  },

  async create(options, context) {
    const action = detectAction(await detectionsIn(options, context), options.scope ?? "match");
    const selection = {
      form: "texts",
      change: { kind: "act", action },
      label: labelIn(options, "detect"),
      numbers: options.numbers ?? false,
    } as const;
    const inner = await payloadFilter(options, selection, context);
    // The payload knows that texts were changed; what was found there is known here. Where only the id of a schema is another
    // one, there is nothing to name.
    const named = (result: FilterResult, partition: number): FilterResult =>
      result.verb === "replace" && result.changed.length > 0
        ? { ...result, changed: action.hitsIn(partition) }
        : result;
    return {
      apply(record) {
        const result = inner.apply(record);
        return result instanceof Promise
          ? result.then((settled) => named(settled, record.partition))
          : named(result, record.partition);
      },
    };
  },
});

/** In the order in which they count. */
function detectorsIn({ detectors, patterns = [] }: Options): Detector[] {
  const builtIn = builtInDetectors.filter(({ name }) => detectors === "all" || detectors?.includes(name));
  return [...builtIn, ...patterns.map(patternDetector)];
}

function namesIn({ detectors = [], patterns = [] }: Options): string[] {
  const builtIn = detectors === "all" ? KNOWN : detectors;
  return [...builtIn, ...patterns.map(({ name }) => name)];
}

function changesIn({ change, changeFor = {} }: Options): [path: string, change: ActionOptions][] {
  const others = Object.entries(changeFor).map(([name, other]): [string, ActionOptions] => [
    changeForPointer(name),
    other,
  ]);
  return [["/change", change], ...others];
}

function nameProblems(options: Options): OptionProblem[] {
  const problems: OptionProblem[] = [];
  const { detectors = [], patterns = [], changeFor = {} } = options;
  if (detectors !== "all")
    for (const [index, name] of detectors.entries())
      if (!KNOWN.includes(name))
        problems.push({ path: `/detectors/${index}`, message: `is no detector; there are ${KNOWN.join(", ")}` });
      else if (detectors.indexOf(name) < index)
        problems.push({ path: `/detectors/${index}`, message: "is listed twice" });
  for (const [index, { name }] of patterns.entries()) {
    const path = `/patterns/${index}/name`;
    if (KNOWN.includes(name)) problems.push({ path, message: "is the name of a built-in detector" });
    else if (patterns.findIndex((pattern) => pattern.name === name) < index)
      problems.push({ path, message: "is the name of another pattern" });
  }
  const names = namesIn(options);
  for (const name of Object.keys(changeFor))
    if (!names.includes(name))
      problems.push({ path: changeForPointer(name), message: `is not looked for; there are ${names.join(", ")}` });
  return problems;
}

function changeForPointer(name: string): string {
  return `/changeFor/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function changeProblems(options: Options, change: ActionOptions, path: string): OptionProblem[] {
  const problems = actionProblems(change, path);
  if (change.action === "replace" && typeof change.value !== "string")
    problems.push({ path: `${path}/value`, message: "must be a text: it stands in the place of one" });
  const { scope = "match", target = "value", format = "json" } = options;
  if (change.action === "drop" && scope === "field" && target !== "headers" && format !== "json")
    problems.push({
      path: `${path}/action`,
      message: "whole fields are dropped from JSON and headers only; replace them",
    });
  return problems;
}

async function detectionsIn(options: Options, context: FilterContext): Promise<Detection[]> {
  const changes = new Map(Object.entries(options.changeFor ?? {}));
  const detections: Detection[] = [];
  for (const detector of detectorsIn(options)) {
    const label = labelIn(options, detector.name);
    const change = changes.get(detector.name) ?? options.change;
    detections.push({ detector, change: await createAction(change, context, label), label });
  }
  return detections;
}

/** PromQL as Prometheus's own grammar reads it. */

import { parser } from "@prometheus-io/lezer-promql";

export interface UsedSeries {
  readonly metric: string;
  /** In the braces behind it. */
  readonly labels: readonly string[];
}

export interface PromQl {
  readonly series: readonly UsedSeries[];
  /** What is grouped or matched by: `by`, `on` and their like. */
  readonly grouping: readonly string[];
}

/** Throws for an expression that cannot be read, naming the place. */
export function readPromQl(expression: string): PromQl {
  const series: { metric: string; labels: string[] }[] = [];
  const grouping: string[] = [];
  parser.parse(expression).iterate({
    enter: ({ name, from, to, type, node }) => {
      const text = expression.slice(from, to);
      if (type.isError) throw new Error(`${expression}: column ${from + 1} cannot be read`);
      if (name === "VectorSelector") {
        const identifier = node.getChild("Identifier");
        if (identifier !== null) series.push({ metric: expression.slice(identifier.from, identifier.to), labels: [] });
      }
      if (name !== "LabelName") return;
      if (node.parent?.name === "GroupingLabels") grouping.push(text);
      else series.at(-1)?.labels.push(text);
    },
  });
  return { series, grouping };
}

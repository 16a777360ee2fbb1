/** The dashboard, the alerts and their document ask for numbers that are there, by the labels they have. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { controlUnderTest } from "../control/control-under-test.ts";
import { readExposition } from "../control/exposition-text.ts";
import { manyLinks } from "../control/many-links.ts";
import { readPromQl } from "../support/promql.ts";
import { promtool, promtoolPath } from "../support/promtool.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { codeBlocks, ROOT, textOf } from "./documents.ts";

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<"summary" | "description" | "runbook_url", string>>;
}

interface Panel {
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
}

const alerts = parse(textOf("docs/alerts/strait.yaml")) as { groups: { name: string; rules: Rule[] }[] };
const rules = alerts.groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(textOf("docs/grafana/strait.json")) as Dashboard;
const expressions = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }): [string, string] => [title, expr]),
);

/** Prometheus adds them when it scrapes. */
const SCRAPED = ["instance", "job"];

/** The labels of each series that a run has. */
let labelsOf: ReadonlyMap<string, ReadonlySet<string>>;
let metrics: ReturnType<typeof readExposition>;
beforeAll(async () => {
  await using subject = await manyLinks({ links: 1, mappings: 1, partitions: 1 });
  metrics = readExposition(await (await subject.request("GET", "/metrics")).text());
  const samples = [...metrics.values()].flatMap((metric) => metric.samples);
  labelsOf = new Map(samples.map(({ name, labels }) => [name, new Set([...Object.keys(labels), ...SCRAPED])]));
});

/** With Grafana's variables filled in, as Prometheus gets it. */
function filledIn(expression: string): string {
  return expression.replaceAll("$__rate_interval", "1m").replaceAll(/\$(link|mapping|topic)/g, "x");
}

/** The names in an expression that no series has. */
function unknownNames(expression: string): string[] {
  const { series, grouping } = readPromQl(expression);
  const all = new Set(series.flatMap(({ metric }) => [...(labelsOf.get(metric) ?? [])]));
  return [
    ...series.flatMap(({ metric, labels }) => {
      const known = labelsOf.get(metric);
      if (known === undefined) return [metric];
      return labels.filter((label) => !known.has(label)).map((label) => `${metric}{${label}}`);
    }),
    ...grouping.filter((label) => !all.has(label)),
  ];
}

describe("the dashboard", () => {
  test.each(expressions)("%s asks for what is there: %s", (_title, expression) => {
    expect(unknownNames(filledIn(expression))).toEqual([]);
  });

  test("its legends name labels that are left by what is asked", () => {
    const mistakes = dashboard.panels.flatMap(({ title, targets = [] }) =>
      targets.flatMap(({ expr, legendFormat }) => {
        const { series, grouping } = readPromQl(filledIn(expr));
        const left = grouping.length > 0 ? grouping : [...(labelsOf.get(series[0]?.metric ?? "") ?? [])];
        const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = ""]) => label);
        return named.filter((label) => !left.includes(label)).map((label) => `${title}: ${label}`);
      }),
    );
    expect(mistakes).toEqual([]);
  });

  test("its variables take their values from labels that are there", () => {
    const queries = dashboard.templating.list.flatMap(({ definition }) => definition ?? []);
    expect(queries.length).toBe(3);
    for (const query of queries) {
      const [, selector = "", label = ""] = /^label_values\((.+), (\w+)\)$/.exec(query) ?? [];
      expect([unknownNames(filledIn(selector)), labelsOf.get(selector.split("{")[0] ?? "")?.has(label)]).toEqual([
        [],
        true,
      ]);
    }
  });

  test("its panels do not lie on each other", () => {
    const taken = new Map<string, string>();
    const twice = dashboard.panels.flatMap(({ title, gridPos: { x, y, w, h } }) => {
      const cells = Array.from({ length: w * h }, (_, index) => `${x + (index % w)}/${y + Math.floor(index / w)}`);
      const others = cells.flatMap((cell) => taken.get(cell) ?? []);
      for (const cell of cells) taken.set(cell, title);
      return others.length === 0 && x + w <= 24 ? [] : [title];
    });
    expect(twice).toEqual([]);
  });

  test("shows every metric of strait", () => {
    const shown = new Set(
      expressions.flatMap(([, expr]) => readPromQl(filledIn(expr)).series.map(({ metric }) => metric)),
    );
    const own = [...metrics.values()].filter(({ name }) => name.startsWith("strait_"));
    const unseen = own.filter(({ name, type }) => !shown.has(type === "histogram" ? `${name}_bucket` : name));
    expect(unseen.map(({ name }) => name)).toEqual([]);
  });
});

describe("the alerts", () => {
  test.each(rules.map((rule): [string, Rule] => [rule.alert, rule]))("%s asks for what is there", (_alert, rule) => {
    expect(unknownNames(rule.expr)).toEqual([]);
  });

  test.each(rules.map((rule): [string, Rule] => [rule.alert, rule]))("%s says what to do", (alert, { annotations }) => {
    const headings = [...textOf("docs/monitoring.md").matchAll(/^### (\w+)$/gm)].map(([, heading]) => heading);
    expect(annotations.runbook_url).toBe(`docs/monitoring.md#${alert.toLowerCase()}`);
    expect(headings).toContain(alert);
  });

  test("are all that the document knows", () => {
    const section = textOf("docs/monitoring.md").split("\n## Alerts\n")[1] ?? "";
    const headings = [...section.matchAll(/^### (\w+)$/gm)].map(([, heading = ""]) => heading);
    expect(headings).toEqual(rules.map(({ alert }) => alert));
  });

  describe.skipIf(promtoolPath() === null)("by promtool", () => {
    let folder: ReturnType<typeof temporaryDirectory>;
    beforeAll(() => {
      folder = temporaryDirectory();
      // Without annotations: promtool compares every word of them, and they are for people.
      const bare = alerts.groups.map(({ name, rules }) => ({
        name,
        rules: rules.map(({ annotations, ...rule }) => rule),
      }));
      writeFileSync(join(folder.path, "strait.yaml"), stringify({ groups: bare }));
      writeFileSync(join(folder.path, "cases.yaml"), textOf("test/docs/alert-cases.yaml"));
    });
    afterAll(() => folder[Symbol.dispose]());

    test("are right", () => {
      const { exitCode, says } = promtool(["check", "rules", "docs/alerts/strait.yaml"]);
      expect([exitCode, says]).toEqual([0, expect.stringContaining(`SUCCESS: ${rules.length} rules found`)]);
    });

    test("fire where they should and nowhere else", () => {
      const { exitCode, says } = promtool(["test", "rules", join(folder.path, "cases.yaml")]);
      expect([exitCode, says]).toEqual([0, expect.stringContaining("SUCCESS")]);
    });

    test("can be taken into a configuration like the document's", () => {
      const block = codeBlocks("docs/monitoring.md").find(({ info }) => info === "prometheus.yml");
      writeFileSync(join(folder.path, "prometheus.yml"), block?.text ?? "");
      const { exitCode, says } = promtool(["check", "config", "--syntax-only", join(folder.path, "prometheus.yml")]);
      expect([exitCode, says]).toEqual([0, expect.stringContaining("SUCCESS")]);
    });
  });

  test("are each tried, where all is well and where it is not", () => {
    const cases = parse(textOf("test/docs/alert-cases.yaml")) as {
      tests: { alert_rule_test: { alertname: string; exp_alerts?: unknown[] }[] }[];
    };
    const tried = cases.tests.flatMap((each) => each.alert_rule_test);
    const firing = tried.filter(({ exp_alerts }) => exp_alerts !== undefined).map(({ alertname }) => alertname);
    const quiet = tried.filter(({ exp_alerts }) => exp_alerts === undefined).map(({ alertname }) => alertname);
    const all = rules.map(({ alert }) => alert).toSorted();
    expect([...new Set(firing)].toSorted()).toEqual(all);
    expect([...new Set(quiet)].toSorted()).toEqual(all);
  });
});

test("the command prints what Prometheus reads", async () => {
  await using subject = await controlUnderTest();
  const [block, ...others] = codeBlocks("docs/monitoring.md").filter(({ language }) => language === "sh");
  const command = block?.text.replaceAll("npx -y bun@1.4", process.execPath) ?? "";
  const env = { ...process.env, STRAIT_URL: subject.control.url };
  const output = await new Response(Bun.spawn(["sh", "-c", command], { cwd: ROOT, env }).stdout).text();
  expect(others).toEqual([]);
  expect([...readExposition(output).keys()]).toEqual([...metrics.keys()]);
});

describe("the documents", () => {
  const rowsOf = (document: string, heading: string) => {
    const section = textOf(document).split(`${heading}\n`)[1]?.split(/\n#+ /)[0] ?? "";
    return section.split("\n").flatMap((line) => {
      const [, names = "", type = "", labels = ""] = line.split("|");
      return [...names.matchAll(/`(\w+)`/g)].map(([, name = ""]) => {
        return { name, type: type.trim().split(/[^a-z]/)[0], labels: labels.trim() };
      });
    });
  };

  test.each([
    ["docs/monitoring.md", "## What each metric means"],
    ["docs/api.md", "### Metrics"],
  ])("%s has every metric with its type and labels, and no other", (document, heading) => {
    const there = [...metrics.values()].map(({ name, type, samples }) => {
      const [labels = []] = samples.map((sample) => Object.keys(sample.labels).filter((label) => label !== "le"));
      return { name, type, labels: labels.join(", ") };
    });
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(rowsOf(document, heading).toSorted(byName)).toEqual(there.toSorted(byName));
  });
});

describe("PromQL", () => {
  test("is read with its series, their labels and what is grouped by", () => {
    expect(readPromQl('sum by (a) (rate(m{b="1", c=~"x"}[5m])) / on (d) n')).toEqual({
      series: [
        { metric: "m", labels: ["b", "c"] },
        { metric: "n", labels: [] },
      ],
      grouping: ["a", "d"],
    });
  });

  test.each(["sum by (a (m)", "m{a=}", "rate(m[5q])", ""])("%j is refused", (expression) => {
    expect(() => readPromQl(expression)).toThrow("cannot be read");
  });

  test("with a metric, a label or a grouping that is not there is noticed", () => {
    expect(unknownNames('sum by (nobody) (strait_nothing) + strait_link_state{nowhere="1"}')).toEqual([
      "strait_nothing",
      "strait_link_state{nowhere}",
      "nobody",
    ]);
  });
});

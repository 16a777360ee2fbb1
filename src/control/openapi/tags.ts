/** What operations are about, by their paths. */

interface Tag {
  readonly name: string;
  readonly description: string;
}

/** The first that matches counts. */
const TAGS: readonly (Tag & { readonly paths: RegExp })[] = [
  { name: "Audit", paths: /^\/v1\/audit(\/|$)/, description: "Who changed what." },
  { name: "Preview", paths: /\/preview$/, description: "What filters make of the newest records, before they cross." },
  { name: "Verification", paths: /\/verify(\/|$)/, description: "Proves that mirrors are complete." },
  { name: "Evidence", paths: /\/evidence(\/|$)/, description: "What filters did with the records of a link." },
  { name: "Lag", paths: /\/(lag|await|events)$/, description: "How far everything is, now and as it changes." },
  { name: "Mappings", paths: /\/mappings(\/|$)/, description: "A source topic and where its records go." },
  { name: "Links", paths: /^\/v1\/links(\/|$)/, description: "A direction: source cluster to destination cluster." },
  { name: "Clusters", paths: /^\/v1\/clusters(\/|$)/, description: "Kafka-compatible clusters and their regions." },
  { name: "Policies", paths: /^\/v1\/(policies|regions)(\/|$)/, description: "What may leave a region, and how." },
  { name: "Filters", paths: /^\/v1\/filters$/, description: "What can be done with records on their way." },
  { name: "Access", paths: /^\/v1\/(tokens|session)(\/|$)/, description: "Tokens, and logging in with a browser." },
  { name: "Service", paths: /^\//, description: "The control process itself." },
];

/** Alphabetical order would say nothing; this is the order in which one meets things. */
const ORDER = ["Clusters", "Links", "Mappings", "Lag", "Filters", "Preview", "Policies", "Evidence", "Verification"];

export function tagOf(path: string): string {
  return TAGS.find(({ paths }) => paths.test(path))?.name ?? "Service";
}

/** All of them, for the document. */
export function allTags(): Tag[] {
  const place = ({ name }: Tag) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  return TAGS.map(({ name, description }) => ({ name, description })).toSorted((a, b) => place(a) - place(b));
}

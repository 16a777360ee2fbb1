/** Paths of the API, names encoded. */

export function clusterPath(cluster: string): string {
  return `/v1/clusters/${encodeURIComponent(cluster)}`;
}

export function linkPath(link: string): string {
  return `/v1/links/${encodeURIComponent(link)}`;
}

export function mappingsPath(link: string): string {
  return `${linkPath(link)}/mappings`;
}

export function mappingPath(link: string, mapping: string): string {
  return `${mappingsPath(link)}/${encodeURIComponent(mapping)}`;
}

/** With the parameters that are given. */
export function withQuery(path: string, parameters: Readonly<Record<string, string | number | undefined>>): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) given.set(name, String(value));
  return given.size === 0 ? path : `${path}?${given}`;
}

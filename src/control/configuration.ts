/** The clusters, links and policies there are, and the only way to change them: checked, audited, stored, then announced. */

import { BehaviorSubject, type Observable } from "rxjs";
import { completeMapping } from "../config/complete-mapping.ts";
import { errorsUnder, type FieldError, InvalidConfiguration, refuse } from "../config/invalid-configuration.ts";
import { jsonPointer } from "../config/json-pointer.ts";
import { checkAgainst, checkCrossing, checkLink } from "../config/link-rules.ts";
import { maskedCluster } from "../config/masked-cluster.ts";
import { nearestName } from "../config/nearest-name.ts";
import { checkRuling, checkRulings } from "../config/policy-rules.ts";
import { rulingOf } from "../config/policy-ruling.ts";
import { type ConfigurationFile, LinkInput, LinkPatch, MappingInput, MappingPatch } from "../config/resource-inputs.ts";
import type { Cluster, Link, Mapping } from "../config/resources.ts";
import { sameButPaused } from "../config/same-mapping.ts";
import { validated } from "../config/validate.ts";
import { StraitError } from "../model/errors.ts";
import type { AuditLog } from "./audit-log.ts";
import {
  checkFiltersOf,
  completeCluster,
  completeLink,
  completeMappings,
  type FilterCheck,
} from "./complete-resources.ts";
import { linkRulings } from "./policies/link-rulings.ts";
import { clustersByName, type State, withoutResource, withResource } from "./state.ts";
import { changesBetween, stateWithFile } from "./state-with-file.ts";
import type { Store } from "./store.ts";

/** Who makes a change. */
export interface Actor {
  readonly token: string | null;
  readonly via: "http" | "file" | "cli";
}

export interface ConfigurationOptions {
  readonly store: Store;
  readonly audit: AuditLog;
  /** Connects to a cluster and throws what its brokers say if that fails. */
  readonly checkCluster: (cluster: Cluster) => Promise<void>;
  readonly checkFilters: FilterCheck;
}

/** A part of a resource's path and what stands there before and after; for the audit log. */
export interface Change {
  readonly action: string;
  readonly resource: string;
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * All methods that change something throw {@link InvalidConfiguration} for bad input, `not-found` and `conflict`; then
 * nothing has changed. Changes to links happen one after the other, in the order they were asked for.
 */
export class Configuration {
  readonly #options: ConfigurationOptions;
  readonly #state$: BehaviorSubject<State>;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ConfigurationOptions) {
    this.#options = options;
    this.#state$ = new BehaviorSubject(options.store.state);
  }

  get state(): State {
    return this.#state$.value;
  }

  /** The state now and after every change. */
  get state$(): Observable<State> {
    return this.#state$.asObservable();
  }

  cluster(name: string): Cluster {
    return found(this.state.clusters, name, "cluster");
  }

  link(name: string): Link {
    return found(this.state.links, name, "link");
  }

  mapping(link: string, mapping: string): Mapping {
    return found(this.link(link).mappings, mapping, "mapping");
  }

  /** Connects before it answers. Returns whether the cluster is new. */
  async putCluster(name: string, input: unknown, actor: Actor): Promise<{ cluster: Cluster; created: boolean }> {
    const given = completeCluster(name, input, this.#find(name));
    try {
      await this.#options.checkCluster(given);
    } catch (error) {
      if (!(error instanceof StraitError)) throw error;
      throw new InvalidConfiguration([{ path: "/properties", message: error.message }]);
    }
    return await this.#serialised(() => {
      const before = this.#find(name);
      const cluster = completeCluster(name, input, before);
      const clusters = withResource(this.state.clusters, cluster);
      for (const link of this.state.links) refuse(checkLink(link, clustersByName({ ...this.state, clusters })));
      this.#commit({ ...this.state, clusters }, actor, clusterChange("put", name, before, cluster));
      return { cluster, created: before === undefined };
    });
  }

  async deleteCluster(name: string, actor: Actor): Promise<void> {
    await this.#serialised(() => {
      const before = this.cluster(name);
      const users = this.state.links.filter(({ source, destination }) => source === name || destination === name);
      if (users.length > 0) {
        const names = users.map((link) => link.name).join(", ");
        throw new StraitError("conflict", `cluster ${name} is used by ${names}; delete what uses it first`);
      }
      const clusters = withoutResource(this.state.clusters, name);
      this.#commit({ ...this.state, clusters }, actor, clusterChange("delete", name, before, undefined));
    });
  }

  async addLink(input: unknown, actor: Actor): Promise<Link> {
    const link = completeLink(validated(LinkInput, input));
    return await this.#serialised(async () => {
      if (this.state.links.some(({ name }) => name === link.name)) {
        throw new StraitError("conflict", `link ${link.name} exists already; change it with PATCH`);
      }
      await this.#checkLink(link, undefined);
      return this.#putLink(link, actor, "link.add");
    });
  }

  async patchLink(name: string, input: unknown, actor: Actor): Promise<Link> {
    return await this.#serialised(async () => {
      const before = this.link(name);
      const patch = validated(LinkPatch, input);
      refuse(changesOf(before, patch, ["name", "source", "destination"], "delete the link and add another"));
      const mappings = patch.mappings === undefined ? before.mappings : completeMappings(patch.mappings);
      const link: Link = { ...before, paused: patch.paused ?? before.paused, mappings };
      await this.#checkLink(link, before);
      return this.#putLink(link, actor, "link.patch");
    });
  }

  async pauseLink(name: string, paused: boolean, actor: Actor): Promise<Link> {
    return await this.#serialised(() =>
      this.#putLink({ ...this.link(name), paused }, actor, paused ? "link.pause" : "link.resume"),
    );
  }

  async deleteLink(name: string, actor: Actor): Promise<void> {
    await this.#serialised(() => {
      const before = this.link(name);
      const change = { action: "link.delete", resource: `links/${name}`, before, after: null };
      this.#commit({ ...this.state, links: withoutResource(this.state.links, name) }, actor, change);
    });
  }

  async addMapping(linkName: string, input: unknown, actor: Actor): Promise<Mapping> {
    return await this.#serialised(async () => {
      const link = this.link(linkName);
      const mapping = completeMapping(validated(MappingInput, input));
      const taken = checkAgainst(mapping, link.mappings);
      if (taken.length > 0) throw new InvalidConfiguration(taken, "conflict");
      refuse([
        ...checkCrossing(link, mapping, clustersByName(this.state)),
        ...this.#checkPolicies(link, mapping),
        ...errorsUnder("/filters", await this.#options.checkFilters(mapping.filters)),
      ]);
      this.#putMapping(link, mapping, actor, "mapping.add");
      return mapping;
    });
  }

  async patchMapping(linkName: string, name: string, input: unknown, actor: Actor): Promise<Mapping> {
    return await this.#serialised(async () => {
      const before = this.mapping(linkName, name);
      const patch = validated(MappingPatch, input);
      refuse(changesOf(before, patch, ["name", "source", "destination"], "delete the mapping and add another"));
      const mapping = completeMapping({ ...before, ...patch });
      refuse([
        ...checkCrossing(this.link(linkName), mapping, clustersByName(this.state)),
        ...(sameButPaused(before, mapping) ? [] : this.#checkPolicies(this.link(linkName), mapping)),
        ...errorsUnder("/filters", await this.#options.checkFilters(mapping.filters)),
      ]);
      this.#putMapping(this.link(linkName), mapping, actor, "mapping.patch");
      return mapping;
    });
  }

  async pauseMapping(linkName: string, name: string, paused: boolean, actor: Actor): Promise<Mapping> {
    return await this.#serialised(() => {
      const mapping = { ...this.mapping(linkName, name), paused };
      this.#putMapping(this.link(linkName), mapping, actor, paused ? "mapping.pause" : "mapping.resume");
      return mapping;
    });
  }

  async deleteMapping(linkName: string, name: string, actor: Actor): Promise<void> {
    await this.#serialised(() => {
      const link = this.link(linkName);
      const before = this.mapping(linkName, name);
      const links = withResource(this.state.links, { ...link, mappings: withoutResource(link.mappings, name) });
      const resource = `links/${linkName}/mappings/${name}`;
      this.#commit({ ...this.state, links }, actor, { action: "mapping.delete", resource, before, after: null });
    });
  }
  /** Takes over what a configuration file says, see {@link stateWithFile}. Does not connect to the clusters. */
  async applyFile(file: ConfigurationFile): Promise<void> {
    await this.#serialised(async () => {
      const before = this.state;
      const after = await stateWithFile(before, file, this.#options.checkFilters);
      this.#commit(after, { token: null, via: "file" }, ...changesBetween(before, after));
    });
  }

  /** Makes a change that is worked out of the state as it is when its turn comes. */
  async change<T>(
    actor: Actor,
    make: (state: State) => Promise<{ state: State; changes: readonly Change[]; result: T }>,
  ): Promise<T> {
    return await this.#serialised(async () => {
      const { state, changes, result } = await make(this.state);
      this.#commit(state, actor, ...changes);
      return result;
    });
  }

  #find(name: string): Cluster | undefined {
    return this.state.clusters.find((cluster) => cluster.name === name);
  }

  async #checkLink(link: Link, before: Link | undefined): Promise<void> {
    const broken = checkLink(link, clustersByName(this.state));
    refuse([
      ...broken,
      ...(broken.length > 0 ? [] : checkRulings(link, before, linkRulings(this.state, link))),
      ...(await checkFiltersOf(link.mappings, this.#options.checkFilters)),
    ]);
  }

  #checkPolicies({ source, destination }: Link, mapping: Mapping): FieldError[] {
    const rulings = linkRulings(this.state, { source, destination, mappings: [mapping] });
    return checkRuling(rulingOf(rulings, mapping));
  }

  #putLink(link: Link, actor: Actor, action: string): Link {
    const before = this.state.links.find(({ name }) => name === link.name) ?? null;
    const links = withResource(this.state.links, link);
    this.#commit({ ...this.state, links }, actor, { action, resource: `links/${link.name}`, before, after: link });
    return link;
  }

  #putMapping(link: Link, after: Mapping, actor: Actor, action: string): void {
    const before = link.mappings.find(({ name }) => name === after.name) ?? null;
    const links = withResource(this.state.links, { ...link, mappings: withResource(link.mappings, after) });
    const resource = `links/${link.name}/mappings/${after.name}`;
    this.#commit({ ...this.state, links }, actor, { action, resource, before, after });
  }

  /** Audits before it stores: a change without an entry is worse than an entry whose change failed, which says so. */
  #commit(state: State, actor: Actor, ...changes: readonly Change[]): void {
    const real = changes.filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after));
    for (const change of real) this.#options.audit.append({ ...actor, ...change });
    if (JSON.stringify(state) === JSON.stringify(this.state)) return;
    try {
      this.#options.store.save(state);
    } catch (error) {
      for (const change of real) {
        const undone = { ...change, action: `${change.action}.failed`, after: change.before };
        this.#options.audit.append({ ...actor, ...undone });
      }
      throw error;
    }
    this.#state$.next(state);
  }

  #serialised<T>(change: () => T | Promise<T>): Promise<T> {
    const result = this.#last.then(change, change);
    this.#last = result.catch(() => undefined); // whoever asked for the change hears of its failure
    return result;
  }
}

/** The resource of that name. Throws `not-found`, with the nearest name there is. */
export function found<T extends { readonly name: string }>(list: readonly T[], name: string, kind: string): T {
  const resource = list.find((each) => each.name === name);
  if (resource !== undefined) return resource;
  const nearest = nearestName(
    name,
    list.map((each) => each.name),
  );
  const hint = nearest === null ? "" : `; did you mean \`${nearest}\`?`;
  throw new StraitError("not-found", `no ${kind} \`${name.slice(0, 64)}\`${hint}`);
}

/** The fields of a patch that may not change and do. Sending them as they are is fine. */
function changesOf<Field extends string>(
  before: Readonly<Record<Field, unknown>>,
  patch: Readonly<Partial<Record<Field, unknown>>>,
  fixed: readonly Field[],
  remedy: string,
): FieldError[] {
  return fixed
    .filter((field) => patch[field] !== undefined && patch[field] !== before[field])
    .map((field) => ({ path: jsonPointer(field), message: `cannot be changed; ${remedy}` }));
}

function clusterChange(verb: string, name: string, before: Cluster | undefined, after: Cluster | undefined): Change {
  const shown = (cluster: Cluster | undefined) => (cluster === undefined ? null : maskedCluster(cluster));
  return { action: `cluster.${verb}`, resource: `clusters/${name}`, before: shown(before), after: shown(after) };
}

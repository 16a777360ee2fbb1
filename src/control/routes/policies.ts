/** `/v1/policies` and `/v1/regions` */

import { Type } from "typebox";
import { PoliciesInput, Policy, PolicyInput, Region, RegionInput } from "../../config/policy.ts";
import { TopicName } from "../../config/resources.ts";
import type { Control } from "../control.ts";
import { Explanation } from "../policies/explanation.ts";
import { readJson } from "../request-body.ts";
import { readQuery } from "../request-query.ts";
import type { RouteTable } from "../route-table.ts";
import { actorOf } from "../security/principal.ts";

const PoliciesAndRegions = Type.Object({ policies: Type.Array(Policy), regions: Type.Array(Region) });

const OneRegion = Type.String({ pattern: "^(?!\\*$).{1,64}$", description: "One region, as clusters have it." });

const ExplainQuery = Type.Object({ from: OneRegion, to: OneRegion, topic: TopicName }, { additionalProperties: false });

export function policyRoutes(routes: RouteTable, control: Control): void {
  const { policies } = control;
  routes.add(
    {
      method: "get",
      path: "/v1/policies",
      summary: "All policies and what regions do without one.",
      role: "viewer",
      answers: { 200: { description: "The policies and regions.", schema: PoliciesAndRegions } },
    },
    (context) => context.json({ policies: policies.policies, regions: policies.regions }),
  );
  routes.add(
    {
      method: "patch",
      path: "/v1/policies",
      summary: "Adds or replaces policies and regions, all at once. What is not named stays.",
      role: "steward",
      body: PoliciesInput,
      answers: { 200: { description: "All policies and regions there are now.", schema: PoliciesAndRegions } },
      problems: [400, 413, 415, 422],
    },
    async (context) => {
      await policies.patch(await readJson(context.req.raw), actorOf(context));
      return context.json({ policies: policies.policies, regions: policies.regions });
    },
  );
  // Before the route of one policy, none of which may have this name.
  routes.add(
    {
      method: "get",
      path: "/v1/policies/explain",
      summary: "Whether a topic may go from one region to another, by which policies, and why.",
      role: "viewer",
      query: ExplainQuery,
      answers: { 200: { description: "The decision.", schema: Explanation } },
      problems: [400],
    },
    (context) => context.json(policies.explain(readQuery(context, ExplainQuery))),
  );
  singlePolicyRoutes(routes, control);
  regionRoutes(routes, control);
}

function singlePolicyRoutes(routes: RouteTable, { policies }: Control): void {
  const path = "/v1/policies/{policy}";
  routes.add(
    {
      method: "get",
      path,
      summary: "One policy.",
      role: "viewer",
      answers: { 200: { description: "The policy.", schema: Policy } },
      problems: [404],
    },
    (context) => context.json(policies.policy(context.req.param("policy") ?? "")),
  );
  routes.add(
    {
      method: "put",
      path,
      summary: "Adds or replaces a policy. Running mappings take it at the next record.",
      role: "steward",
      body: PolicyInput,
      answers: {
        200: { description: "The policy, replaced.", schema: Policy },
        201: { description: "The policy, added.", schema: Policy },
      },
      problems: [400, 413, 415, 422],
    },
    async (context) => {
      const input = await readJson(context.req.raw);
      const { policy, created } = await policies.put(context.req.param("policy") ?? "", input, actorOf(context));
      return context.json(policy, created ? 201 : 200);
    },
  );
  routes.add(
    {
      method: "delete",
      path,
      summary: "Removes a policy. Running mappings go on without it, or stop where it was what let them.",
      role: "steward",
      answers: { 204: { description: "It is gone." } },
      problems: [404],
    },
    async (context) => {
      await policies.delete(context.req.param("policy") ?? "", actorOf(context));
      return context.body(null, 204);
    },
  );
}

function regionRoutes(routes: RouteTable, { policies }: Control): void {
  const path = "/v1/regions/{region}";
  routes.add(
    {
      method: "get",
      path,
      summary: "What a region does with topics that no policy names.",
      role: "viewer",
      answers: { 200: { description: "The region.", schema: Region } },
      problems: [404],
    },
    (context) => context.json(policies.region(context.req.param("region") ?? "")),
  );
  routes.add(
    {
      method: "put",
      path,
      summary: "Says what a region does with topics that no policy names; * is every region that was told nothing.",
      role: "steward",
      body: RegionInput,
      answers: {
        200: { description: "The region, replaced.", schema: Region },
        201: { description: "The region, added.", schema: Region },
      },
      problems: [400, 413, 415, 422],
    },
    async (context) => {
      const input = await readJson(context.req.raw);
      const { region, created } = await policies.putRegion(context.req.param("region") ?? "", input, actorOf(context));
      return context.json(region, created ? 201 : 200);
    },
  );
  routes.add(
    {
      method: "delete",
      path,
      summary: "Forgets what was said about a region: what * says counts for it, and allow where that was not told.",
      role: "steward",
      answers: { 204: { description: "It is gone." } },
      problems: [404],
    },
    async (context) => {
      await policies.deleteRegion(context.req.param("region") ?? "", actorOf(context));
      return context.body(null, 204);
    },
  );
}

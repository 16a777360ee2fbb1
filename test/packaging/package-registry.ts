/** A registry that has what is installed here, and a package to try. So it can be installed as from npm, without a network. */

import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** By name, by version: a folder, or a tarball. */
type Packages = Map<string, Map<string, { readonly manifest: Manifest; readonly path: string }>>;

export interface PackageRegistry extends Disposable {
  readonly url: string;
}

/** Serves the packages in `node_modules` below `root`, and the tarball of one more. */
export function servePackages(
  root: string,
  tarball: { readonly manifest: Manifest; readonly path: string },
): PackageRegistry {
  const packages: Packages = new Map();
  const add = (manifest: Manifest, path: string) => {
    const versions = packages.get(manifest.name) ?? new Map();
    packages.set(manifest.name, versions.set(manifest.version, { manifest, path }));
  };
  add(tarball.manifest, tarball.path);
  for (const file of globSync(
    ["node_modules/*", "node_modules/@*/*", "node_modules/**/node_modules/*", "node_modules/**/node_modules/@*/*"].map(
      (each) => `${each}/package.json`,
    ),
    { cwd: root },
  )) {
    const manifest = JSON.parse(readFileSync(join(root, file), "utf8")) as Partial<Manifest>;
    if (manifest.name !== undefined && manifest.version !== undefined)
      add(manifest as Manifest, join(root, dirname(file)));
  }
  const server = Bun.serve({
    port: 0,
    fetch: ({ url }) => {
      const [, name = "", version] =
        /^\/((?:@[^/]+\/)?[^/]+)(?:\/-\/(.+)\.tgz)?$/.exec(decodeURIComponent(new URL(url).pathname)) ?? [];
      const versions = packages.get(name);
      if (versions === undefined) return new Response(null, { status: 404 });
      if (version === undefined) return Response.json(described(name, versions, new URL(url).origin));
      return new Response(packed(versions.get(version)?.path ?? ""));
    },
  });
  return { url: server.url.href, [Symbol.dispose]: () => void server.stop(true) };

  /** As registries describe a package. What is for other platforms is not installed here, and nobody is to look for it. */
  function described(name: string, versions: NonNullable<ReturnType<Packages["get"]>>, origin: string) {
    const all = [...versions.values()].map(({ manifest }) => {
      const optional = Object.entries(manifest.optionalDependencies ?? {}).filter(([each]) => packages.has(each));
      const dist = { tarball: `${origin}/${name}/-/${manifest.version}.tgz` };
      return [manifest.version, { ...manifest, optionalDependencies: Object.fromEntries(optional), dist }] as const;
    });
    return { name, "dist-tags": { latest: all[0]?.[0] }, versions: Object.fromEntries(all) };
  }
}

function packed(path: string): ReadableStream<Uint8Array> | Bun.BunFile {
  if (!existsSync(join(path, "package.json"))) return Bun.file(path);
  const tar = [
    "tar",
    "-c",
    "--use-compress-program=gzip -1",
    "--exclude=./node_modules",
    "--transform=s,^[.],package,",
    ".",
  ];
  return Bun.spawn(tar, { cwd: path, stdout: "pipe", stderr: "inherit" }).stdout;
}

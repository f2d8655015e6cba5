/**
 * Shaders by name: `raster/project` is shaders/raster/project.wgsl. A line `#import shared/sh` stands for that
 * file's text, once per shader however often it is asked for.
 */
import { assert } from "../core/assert.ts";

const FILES: Readonly<Record<string, string>> = import.meta.glob<string>("/shaders/**/*.wgsl", {
  query: "?raw",
  import: "default",
  eager: true,
});
const nameOf = (path: string): string => path.replace(/^\/shaders\/|\.wgsl$/g, "");
const SHADERS = new Map(Object.entries(FILES).map(([path, text]) => [nameOf(path), text]));

export const shaderNames: readonly string[] = [...SHADERS.keys()].sort();

export interface ShaderSource {
  readonly name: string;
  /** The whole text, imports first. */
  readonly code: string;
  /** Where each line of `code` comes from. */
  readonly origins: readonly { readonly file: string; readonly line: number }[];
}

const resolved = new Map<string, ShaderSource>();

/** A shader with its imports. An unknown name or a circle of imports is an error that names it. */
export function loadShader(name: string): ShaderSource {
  let source = resolved.get(name);
  if (!source) resolved.set(name, (source = resolveImports(name, SHADERS)));
  return source;
}

export function resolveImports(name: string, files: ReadonlyMap<string, string>): ShaderSource {
  const lines: string[] = [];
  const origins: { file: string; line: number }[] = [];
  const done = new Set<string>();

  const include = (file: string, path: readonly string[]): void => {
    assert(!path.includes(file), `shader imports go in a circle: ${[...path, file].join(" → ")}`);
    if (done.has(file)) return;
    done.add(file);
    const text = files.get(file);
    const asker = path.at(-1);
    assert(text !== undefined, `no shader "${file}"${asker ? `, imported by "${asker}"` : ""}`);
    const own = text.split("\n");
    const importOf = (line: string): string | undefined => /^\s*#import\s+(\S+)\s*$/.exec(line)?.[1];
    for (const imported of own.map(importOf)) if (imported) include(imported, [...path, file]);
    own.forEach((line, i) => {
      if (importOf(line)) return;
      lines.push(line);
      origins.push({ file, line: i + 1 });
    });
  };

  include(name, []);
  return { name, code: lines.join("\n"), origins };
}

/** A compiler's message with the place in our files instead of the place in the assembled text. */
export function describeMessage(source: ShaderSource, message: GPUCompilationMessage): string {
  const origin = source.origins[message.lineNum - 1];
  const place = origin ? `${origin.file}.wgsl:${origin.line}:${message.linePos}` : source.name;
  return `${place} ${message.type}: ${message.message}`;
}

/** What the host has to know of a shader, read from its text: bindings, structs, constants, workgroup size. */
import { assert } from "../core/assert.ts";
import { evaluate } from "./wgsl-constants.ts";
import type { Constants } from "./wgsl-constants.ts";

export type BindingKind = "uniform" | "read" | "read_write";

export interface Binding {
  readonly name: string;
  readonly group: number;
  readonly binding: number;
  readonly kind: BindingKind;
  readonly type: string;
}

export interface StructField {
  readonly name: string;
  readonly type: string;
  /** `@size` and `@align`, where written. */
  readonly size?: number;
  readonly align?: number;
}

export interface Reflection {
  readonly bindings: readonly Binding[];
  readonly structs: ReadonlyMap<string, readonly StructField[]>;
  /** Every `const` and `override` (its default) whose value is a plain number. */
  readonly constants: Constants;
  readonly overrides: readonly string[];
  /** Arguments of the entry point's `@workgroup_size`, as written. */
  readonly workgroupSize: readonly string[] | undefined;
}

export function reflect(code: string): Reflection {
  const text = stripComments(code);
  const constants: Record<string, number> = {};
  const overrides: string[] = [];
  for (const [, kind, name, expression] of text.matchAll(
    /\b(const|override)\s+(\w+)\s*(?::\s*\w+\s*)?(?:=\s*([^;]+))?;/g,
  )) {
    if (kind === "override") overrides.push(name!);
    const value = expression === undefined ? undefined : evaluate(expression, constants);
    if (value !== undefined) constants[name!] = value;
  }
  return {
    bindings: reflectBindings(text),
    structs: reflectStructs(text, constants),
    constants,
    overrides,
    workgroupSize: /@compute\b[^{]*?@workgroup_size\(([^)]*)\)/
      .exec(text)?.[1]
      ?.split(",")
      .map((part) => part.trim())
      .filter(Boolean),
  };
}

/** Block comments nest in WGSL. Line breaks stay, so that positions do. */
export function stripComments(code: string): string {
  let depth = 0;
  return code.replace(/\/\/[^\n]*|\/\*|\*\/|[^/*\n]+|[^]/g, (part) => {
    if (part === "/*") depth++;
    else if (part === "*/" && depth > 0) depth--;
    else if (depth === 0 && !part.startsWith("//")) return part;
    return part === "\n" ? part : "";
  });
}

function reflectBindings(text: string): Binding[] {
  const declaration = /((?:@\w+\([^)]*\)\s*)+)var\s*(?:<([^>]*)>)?\s*(\w+)\s*:\s*([^;]+);/g;
  return [...text.matchAll(declaration)].map(([, attributes, space, name, type]) => {
    const [address, access] = (space ?? "").split(",").map((part) => part.trim());
    const kind = address === "uniform" ? "uniform" : (access ?? "read");
    assert(
      address === "uniform" || address === "storage",
      `binding ${name}: address space "${address}" is not supported`,
    );
    assert(
      kind === "uniform" || kind === "read" || kind === "read_write",
      `binding ${name}: access "${kind}"`,
    );
    return {
      name: name!,
      group: attributeValue(attributes!, "group"),
      binding: attributeValue(attributes!, "binding"),
      kind,
      type: type!.trim(),
    };
  });
}

function attributeValue(attributes: string, name: string): number {
  const value = new RegExp(`@${name}\\(\\s*(\\d+)`).exec(attributes)?.[1];
  assert(value !== undefined, `a binding without @${name}`);
  return Number(value);
}

function reflectStructs(text: string, constants: Constants): Map<string, StructField[]> {
  const structs = new Map<string, StructField[]>();
  for (const [, name, body] of text.matchAll(/\bstruct\s+(\w+)\s*\{([^}]*)\}/g)) {
    structs.set(
      name!,
      splitFields(body!).map((field) => parseField(name!, field, constants)),
    );
  }
  return structs;
}

/** Commas inside `array<f32, 4>` and `@size(16)` do not end a field. */
function splitFields(body: string): string[] {
  const fields = [""];
  let depth = 0;
  for (const character of body) {
    if ("<(".includes(character)) depth++;
    if (">)".includes(character)) depth--;
    if (character === "," && depth === 0) fields.push("");
    else fields[fields.length - 1] += character;
  }
  return fields.map((field) => field.trim()).filter(Boolean);
}

function parseField(struct: string, text: string, constants: Constants): StructField {
  const match = /^((?:@\w+(?:\([^)]*\))?\s*)*)(\w+)\s*:\s*([^]+)$/.exec(text);
  assert(match, `struct ${struct}: cannot read the field "${text}"`);
  const attribute = (name: string): number | undefined => {
    const expression = new RegExp(`@${name}\\(([^)]*)\\)`).exec(match[1]!)?.[1];
    return expression === undefined ? undefined : evaluate(expression, constants);
  };
  const size = attribute("size");
  const align = attribute("align");
  return {
    name: match[2]!,
    type: match[3]!.trim(),
    ...(size !== undefined && { size }),
    ...(align !== undefined && { align }),
  };
}

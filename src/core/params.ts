/**
 * Parameters as data: a method, bridge or preset declares what it takes, and forms, command-line flags, saved
 * settings and checks derive from the declaration.
 */
export interface Slider {
  readonly kind: "slider";
  readonly label: string;
  readonly help: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly default: number;
}
export interface Toggle {
  readonly kind: "toggle";
  readonly label: string;
  readonly help: string;
  readonly default: boolean;
}
export interface Choice {
  readonly kind: "choice";
  readonly label: string;
  readonly help: string;
  readonly options: readonly string[];
  readonly default: string;
}
export type Param = Slider | Toggle | Choice;
export type ParamSpec = Readonly<Record<string, Param>>;

/** The values a spec describes. */
export type ParamValues<S extends ParamSpec> = {
  -readonly [K in keyof S]: S[K] extends Slider ? number : S[K] extends Toggle ? boolean : string;
};
/** Values of an unknown spec, as they come from a form, a file or a command line. */
export type AnyValues = Record<string, number | boolean | string>;

export const slider = (spec: Omit<Slider, "kind">): Slider => ({ kind: "slider", ...spec });
export const toggle = (spec: Omit<Toggle, "kind">): Toggle => ({ kind: "toggle", ...spec });
export const choice = (spec: Omit<Choice, "kind">): Choice => ({ kind: "choice", ...spec });

/**
 * Fills in defaults and brings every value into its declared range, so that nothing from outside reaches the
 * engine unchecked. Unknown keys are dropped.
 */
export function resolveParams<S extends ParamSpec>(spec: S, values: AnyValues = {}): ParamValues<S> {
  const entries = Object.entries(spec).map(([key, param]) => [key, resolveParam(param, values[key])]);
  return Object.fromEntries(entries) as ParamValues<S>;
}

function resolveParam(param: Param, value: unknown): number | boolean | string {
  switch (param.kind) {
    case "slider":
      return typeof value === "number" && Number.isFinite(value)
        ? Math.min(param.max, Math.max(param.min, value))
        : param.default;
    case "toggle":
      return typeof value === "boolean" ? value : param.default;
    case "choice":
      return typeof value === "string" && param.options.includes(value) ? value : param.default;
  }
}

/** What a command may take beyond a form's parameters: what comes from the viewport rather than from a control. */
export interface Quantity {
  readonly kind: "number";
  readonly label: string;
  readonly help: string;
  readonly default: number;
}
export interface Vector {
  readonly kind: "vector";
  readonly label: string;
  readonly help: string;
  /** Its length is the vector's. */
  readonly default: readonly number[];
}
export interface Text {
  readonly kind: "text";
  readonly label: string;
  readonly help: string;
  readonly default: string;
}
export type Field = Param | Quantity | Vector | Text;
export type FieldSpec = Readonly<Record<string, Field>>;
export type FieldValue = number | boolean | string | readonly number[];

/** The values a spec describes. */
export type FieldValues<S extends FieldSpec> = {
  readonly [K in keyof S]: S[K] extends Slider | Quantity
    ? number
    : S[K] extends Toggle
      ? boolean
      : S[K] extends Vector
        ? S[K]["default"]
        : string;
};
export type AnyFields = Readonly<Record<string, FieldValue>>;

export const quantity = (spec: Omit<Quantity, "kind">): Quantity => ({ kind: "number", ...spec });
export const text = (spec: Omit<Text, "kind">): Text => ({ kind: "text", ...spec });
/** A vector keeps its length as a type. */
export const vector = <V extends readonly number[]>(
  spec: Omit<Vector, "kind" | "default"> & { readonly default: V },
): Omit<Vector, "default"> & { readonly default: V } => ({ kind: "vector", ...spec });

/** As `resolveParams`: what is missing, of another type or not finite becomes its default. */
export function resolveFields<S extends FieldSpec>(spec: S, values: AnyFields = {}): FieldValues<S> {
  const entries = Object.entries(spec).map(([key, field]) => [key, resolveField(field, values[key])]);
  return Object.fromEntries(entries) as FieldValues<S>;
}

function resolveField(field: Field, value: unknown): FieldValue {
  switch (field.kind) {
    case "number":
      return typeof value === "number" && Number.isFinite(value) ? value : field.default;
    case "vector": {
      const fits = Array.isArray(value) && value.length === field.default.length;
      return fits && value.every(Number.isFinite) ? (value as number[]) : field.default;
    }
    case "text":
      return typeof value === "string" ? value : field.default;
    default:
      return resolveParam(field, value);
  }
}

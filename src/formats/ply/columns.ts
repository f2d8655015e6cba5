/** Which PLY property holds which number of a splat (INRIA's 3D Gaussian splatting layout). */
import { UserError } from "../../core/errors.ts";
import { shCoefficients } from "../../scene/attributes.ts";
import type { Attribute, ShDegree } from "../../scene/attributes.ts";
import { listed, number } from "../words.ts";
import { elementsInWords } from "./header.ts";
import type { PlyElement, PlyHeader, PlyProperty } from "./header.ts";

/** A splat number and the name of the property it is stored under. */
export interface SplatProperty {
  readonly name: string;
  readonly attribute: Attribute;
  /** Position among the attribute's numbers of one splat. */
  readonly component: number;
}

/** A splat property found in a file. */
export interface Column extends SplatProperty {
  readonly property: PlyProperty;
  /** Position in the record, which is what counts in an ASCII file. */
  readonly position: number;
}

const numbered = (stem: string, attribute: Attribute, count: number): SplatProperty[] =>
  Array.from({ length: count }, (_, i) => ({ name: `${stem}_${i}`, attribute, component: i }));

/** Properties that any splat file must have. */
const REQUIRED: readonly SplatProperty[] = [
  ...["x", "y", "z"].map((name, component) => ({ name, attribute: "means", component }) as const),
  ...numbered("f_dc", "sh", 3),
  { name: "opacity", attribute: "opacityLogits", component: 0 },
  ...numbered("scale", "logScales", 3),
  ...numbered("rot", "quaternions", 4),
];

/**
 * f_rest is channel-major in the file, all red bands first, and coefficient-major [K][3] in memory. The constant
 * coefficient is not among them: it is f_dc.
 */
function restProperties(degree: ShDegree): SplatProperty[] {
  const perChannel = shCoefficients(degree) - 1;
  return Array.from({ length: 3 * perChannel }, (_, i) => {
    const channel = Math.floor(i / perChannel);
    const coefficient = 1 + (i % perChannel);
    return { name: `f_rest_${i}`, attribute: "sh", component: 3 * coefficient + channel };
  });
}

/** All splat properties of a degree, in INRIA's order save for the normals. */
export function splatProperties(degree: ShDegree): SplatProperty[] {
  return [...REQUIRED.slice(0, 6), ...restProperties(degree), ...REQUIRED.slice(6)];
}

/** Finds the splat's columns, in the order of the file. Throws a UserError if the file is something else. */
export function findColumns(
  header: PlyHeader,
  vertex: PlyElement,
  name: string,
): { columns: readonly Column[]; shDegree: ShDegree } {
  refuseWhatIsNoSplat(header, vertex, name);

  const list = vertex.properties.find(({ listLength }) => listLength !== undefined);
  if (list) {
    throw new UserError(
      `“${name}” has the list “${list.name}” in its vertex records, which splats never have.`,
      "Export the scene again as a 3D Gaussian splat PLY.",
    );
  }
  const rests = vertex.properties.filter((property) => /^f_rest_\d+$/.test(property.name)).length;
  const shDegree = ([0, 1, 2, 3] as const).find((degree) => 3 * (shCoefficients(degree) - 1) === rests);
  if (shDegree === undefined) {
    throw new UserError(
      `“${name}” has ${rests} f_rest properties; spherical harmonics have 0, 9, 24 or 45 (degree 0 to 3).`,
      "Export the scene again with SH degree 3 or less.",
    );
  }
  const wanted = new Map(splatProperties(shDegree).map((entry) => [entry.name, entry]));
  const columns = vertex.properties.flatMap((property, position): Column[] => {
    const entry = wanted.get(property.name);
    return entry ? [{ ...entry, property, position }] : [];
  });
  const missing = [...wanted.keys()].filter((key) => !columns.some((column) => column.name === key));
  if (missing.length) {
    throw new UserError(
      `“${name}” has SH properties that are not numbered in a row: ${listed(missing.slice(0, 4))} missing.`,
      "Export the scene again.",
    );
  }
  const wrong = columns.find(({ property }) => property.type !== "float32" && property.type !== "float64");
  if (wrong) {
    throw new UserError(
      `“${name}” stores ${wrong.name} as ${wrong.property.type}; splat properties are float or double.`,
      "Export the scene again as a 3D Gaussian splat PLY without compression.",
    );
  }
  return { columns, shDegree };
}

const GET_SPLATS =
  "Splatsmith edits 3D Gaussian splats: train one from photos (for instance with Brush, Postshot or gsplat) and open its .ply.";

/** PLY files that hold something else, most telling first. */
const OTHERS: readonly {
  when(has: (property: string) => boolean, header: PlyHeader): boolean;
  what: string;
  hint: string;
}[] = [
  {
    when: (has, header) => has("packed_position") || header.elements.some(({ name }) => name === "chunk"),
    what: "a compressed splat scene (PlayCanvas compressed PLY), which is not yet supported",
    hint: "Convert it to an ordinary .ply, for instance with SuperSplat or “splat-transform in.compressed.ply out.ply”.",
  },
  {
    when: (has) => has("scale_0") && has("scale_1") && !has("scale_2") && has("rot_0") && has("opacity"),
    what: "a 2D Gaussian splat scene (it has no scale_2), which is not yet supported",
    hint: "Convert it to 3D Gaussian splats, for instance with splat-transform.",
  },
  {
    when: (_, header) => header.elements.some(({ name, count }) => MESH_ELEMENTS.includes(name) && count > 0),
    what: "a mesh, not a splat scene",
    hint: GET_SPLATS,
  },
  {
    when: (has) => has("red") || has("r") || has("diffuse_red"),
    what: "a coloured point cloud, not a splat scene",
    hint: GET_SPLATS,
  },
  {
    when: (has) => has("x") && has("y") && has("z"),
    what: "a point cloud, not a splat scene",
    hint: GET_SPLATS,
  },
];
const MESH_ELEMENTS: readonly string[] = ["face", "tristrips", "edge", "tri", "polygon"];

function refuseWhatIsNoSplat(header: PlyHeader, vertex: PlyElement, name: string): void {
  const has = (property: string): boolean => vertex.properties.some((own) => own.name === property);
  const missing = REQUIRED.filter((entry) => !has(entry.name)).map((entry) => entry.name);
  if (missing.length === 0) return;

  const contents = `It has ${elementsInWords(header)}, but no ${listed(abbreviated(missing))}.`;
  // A few names missing out of fourteen is a damaged or unusual splat file rather than something else.
  const other = OTHERS.find(({ when }, i) => (i < 2 || missing.length > 4) && when(has, header));
  if (other) throw new UserError(`“${name}” is ${other.what}. ${contents}`, other.hint);
  throw new UserError(
    `“${name}” lacks ${number(missing.length)} of the properties of a splat: ${listed(missing)}.`,
    "Export the scene again as a 3D Gaussian splat PLY.",
  );
}

/** ["f_dc_0", "f_dc_1", "opacity"] → ["f_dc", "opacity"]. */
const abbreviated = (names: readonly string[]): string[] => [
  ...new Set(names.map((name) => name.replace(/_\d$/, ""))),
];

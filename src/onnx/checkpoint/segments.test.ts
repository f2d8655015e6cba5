import { expect, it } from "vitest";
import { buildModel } from "../testing/build.ts";
import { cutAtSingles } from "./segments.ts";

it("cuts where one value alone leads on: not inside a residual block, nor where an input is read late", () => {
  const { graph } = buildModel({
    inputs: { x: [2, 2] },
    nodes: [
      { op: "Relu", inputs: ["x"], outputs: ["a"] },
      // A block: h = a + f(a).
      { op: "Sigmoid", inputs: ["a"], outputs: ["s"] },
      { op: "Mul", inputs: ["a", "s"], outputs: ["f"] },
      { op: "Add", inputs: ["a", "f"], outputs: ["h"] },
      { op: "Exp", inputs: ["h"], outputs: ["e"] },
      // A skip over two nodes.
      { op: "Tanh", inputs: ["e"], outputs: ["t"] },
      { op: "Sin", inputs: ["t"], outputs: ["u"] },
      { op: "Sub", inputs: ["u", "e"], outputs: ["y"] },
    ],
    outputs: { y: "float32" },
  });
  const segments = cutAtSingles(graph.nodes, "x", "y");
  expect(
    segments.map(({ enters, leaves, nodes }) => [enters, nodes.map(({ op }) => op).join(" "), leaves]),
  ).toEqual([
    ["x", "Relu", "a"],
    ["a", "Sigmoid Mul Add", "h"],
    ["h", "Exp", "e"],
    ["e", "Tanh Sin Sub", "y"],
  ]);
});

import { availableParallelism, cpus, totalmem } from "node:os";
import packages from "../../package.json" with { type: "json" };
import type { Gpu } from "../gpu/device.ts";

/** What times depend on. Nothing that names the machine or its user. */
export interface MachineFacts {
  readonly adapter: {
    readonly name: string;
    readonly vendor: string;
    readonly architecture: string;
    readonly isSoftware: boolean;
    readonly hasTimestamps: boolean;
  };
  readonly cpu: string;
  /** That this process may use. */
  readonly cores: number;
  readonly memoryGiB: number;
  readonly platform: string;
  readonly node: string;
  /** Versions of what computes beside us. */
  readonly packages: Readonly<Record<string, string>>;
}

export function machineFacts({ adapterInfo, isSoftware, features }: Gpu): MachineFacts {
  const { vendor, architecture, device, description } = adapterInfo;
  return {
    adapter: {
      name: description || device || [vendor, architecture].filter(Boolean).join(" ") || "unknown",
      vendor,
      architecture,
      isSoftware,
      hasTimestamps: features.has("timestamp-query"),
    },
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    packages: {
      webgpu: packages.devDependencies.webgpu,
      "onnxruntime-web": packages.dependencies["onnxruntime-web"],
    },
  };
}

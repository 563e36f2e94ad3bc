import type { Kernel } from './kernel.ts';
import { TypeScriptKernel } from './typescript-kernel.ts';
import { WasmKernel } from './wasm-kernel.ts';

/** The kernels there are. */
export type KernelName = 'wasm' | 'typescript';

/** Returns the fastest kernel that runs here. */
export function fastestKernel(): KernelName {
  return WasmKernel.isSupported ? 'wasm' : 'typescript';
}

/** Creates a kernel. */
export function createKernel(name: KernelName = fastestKernel()): Kernel {
  return name === 'wasm' ? new WasmKernel() : new TypeScriptKernel();
}

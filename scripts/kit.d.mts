export const leftOut: readonly (readonly [name: string, aside: string])[];
export function packedPaths(): Promise<string[]>;

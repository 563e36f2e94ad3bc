export const PACKAGES: string;
export function wanted(lock: string): Map<string, string>;
export function withPlaces(lock: string, files: ReadonlyMap<string, string>): string;
export function withoutPlaces(lock: string): string;

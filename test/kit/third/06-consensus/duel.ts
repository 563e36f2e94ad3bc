export interface Candidate {
  readonly hash: string;
  readonly work: bigint;
}

export function isBetter(one: Candidate, other: Candidate): boolean {
  const [more, less] = [one.work > other.work, one.work < other.work];
  if (more || less) return more;
  return one.hash < other.hash;
}

// Where the steps of this page are put in place: the project's, or the reader's own.
type Module = Readonly<Record<string, unknown>>;

interface LivePlace {
  readonly ours: Module;
  readonly use: (module: Module) => void;
}

const places = new Map<string, LivePlace>();
let own: ReadonlyMap<string, Module> = new Map();

/** Notes that a step is on this page, by the name that it is imported by. */
export function addPlace(
  name: string,
  ours: Module,
  use: (module: Module) => void,
): void {
  places.set(name, { ours, use });
  use(own.get(name) ?? ours);
}

/** Returns the project's steps that are on this page, by their names. */
export function oursByName(): Record<string, Module> {
  return Object.fromEntries([...places].map(([name, { ours }]) => [name, ours]));
}

/** Puts some steps in place, by their names; and of all others the project's. */
export function useSteps(modules: ReadonlyMap<string, Module>): void {
  own = modules;
  for (const [name, { ours, use }] of places) use(own.get(name) ?? ours);
}

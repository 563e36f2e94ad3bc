/**
 * What a submission finds as `process`: what tells it of the machine, and lets it print and end itself.
 *
 * @module
 */

/** Returns what stands for the real process. */
export function visitor(real: NodeJS.Process): object {
  const exit = real.exit.bind(real);
  const nothing = () => guest;
  const print = (stream: NodeJS.WriteStream) => {
    const write = stream.write.bind(stream);
    return Object.freeze({
      isTTY: false,
      columns: 80,
      write: (text: unknown) => write(String(text)),
    });
  };
  const { arch, platform, version, versions, release } = real;
  const guest: object = Object.freeze({
    arch,
    platform,
    version,
    versions: Object.freeze({ ...versions }),
    release: Object.freeze({ ...release }),
    env: {},
    argv: [],
    execArgv: [],
    pid: 1,
    ppid: 0,
    stdout: print(real.stdout),
    stderr: print(real.stderr),
    exit: () => exit(1),
    cwd: () => '/',
    uptime: real.uptime.bind(real),
    hrtime: Object.assign(real.hrtime.bind(real), { bigint: () => real.hrtime.bigint() }),
    memoryUsage: real.memoryUsage.bind(real),
    cpuUsage: real.cpuUsage.bind(real),
    nextTick: real.nextTick.bind(real),
    emitWarning: nothing,
    on: nothing,
    once: nothing,
    off: nothing,
    addListener: nothing,
    removeListener: nothing,
    removeAllListeners: nothing,
    emit: () => false,
    listeners: () => [],
    listenerCount: () => 0,
  });
  return guest;
}

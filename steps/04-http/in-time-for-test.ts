/** Turns a wait without end into a sentence. It waits long: so many turns of all timers. */
export async function inTime<T>(
  promise: Promise<T>,
  what: string,
  turns = 100,
): Promise<T> {
  let isOver = false;
  const end = async () => {
    for (let i = 0; i < turns && !isOver; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 8));
    }
    if (!isOver) throw new Error(`Waited in vain for ${what}.`);
    return promise;
  };
  return Promise.race([promise, end()]).finally(() => (isOver = true));
}

// Whether the browser keeps the whole course, so that it opens without network.
import { withBase } from 'vitepress';
import { ref } from 'vue';

/** `none` where the browser, or the address, does not allow it. */
export type Offline = 'none' | 'off' | 'keeping' | 'on' | 'failed';

/** How it stands. */
export const offline = ref<Offline>('none');

const scope = () => new URL(withBase('/'), location.href).href;

async function ownRegistration(): Promise<ServiceWorkerRegistration | undefined> {
  const found = await navigator.serviceWorker.getRegistration(scope());
  return found?.scope === scope() ? found : undefined; // and not that of another site above
}

/** Looks how it stands. */
export async function lookOffline(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  try {
    const found = await ownRegistration();
    offline.value = found === undefined ? 'off' : 'on';
  } catch {
    offline.value = 'none';
  }
}

/** Keeps the course, or keeps it no longer. */
export async function setOffline(isWanted: boolean): Promise<void> {
  if (!isWanted) {
    offline.value = 'off';
    await (await ownRegistration())?.unregister();
    for (const name of await caches.keys())
      if (name.startsWith(`pychain ${scope()} `)) await caches.delete(name);
    return;
  }
  offline.value = 'keeping';
  try {
    const options = { scope: withBase('/'), updateViaCache: 'none' } as const;
    const found = await navigator.serviceWorker.register(
      withBase('/offline.js'),
      options,
    );
    await isActive(found);
    offline.value = 'on';
  } catch {
    await (await ownRegistration())?.unregister();
    offline.value = 'failed';
  }
}

/** Waits until all is kept; fails where something could not be loaded. */
async function isActive(registration: ServiceWorkerRegistration): Promise<void> {
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  if (worker === null) throw new Error('There is no worker.');
  return new Promise((resolve, reject) => {
    const look = () => {
      if (worker.state === 'activated') resolve();
      if (worker.state === 'redundant') reject(new Error('It could not be kept.'));
    };
    worker.addEventListener('statechange', look);
    look();
  });
}

import { useEffect, useState } from 'preact/hooks';

/** What every page of a list has. */
interface Page<T> {
  items: T[];
  pages: number;
  total: number;
}

export interface Loaded<T> {
  data: T | null;
  error: unknown;
  reload: () => void;
}

/** Loads when the screen is shown and when `key` changes; an answer that comes too late is dropped. */
export function useLoaded<T>(load: () => Promise<T>, key: unknown): Loaded<T> {
  const [state, setState] = useState<{ data: T | null; error: unknown }>({ data: null, error: null });
  const [round, setRound] = useState(0);
  // `load` is made anew by every drawing; `key` says what it loads.
  useEffect(() => {
    let current = true;
    setState((old) => ({ data: old.data, error: null }));
    load().then(
      (data) => current && setState({ data, error: null }),
      (error: unknown) => current && setState({ data: null, error }),
    );
    return () => {
      current = false;
    };
  }, [key, round]);
  return { ...state, reload: () => setRound((value) => value + 1) };
}

/** Pages of a list, gathered as the person asks for more. */
export function usePages<T>(load: (page: number) => Promise<Page<T>>, key: unknown) {
  const [page, setPage] = useState(1);
  const loaded = useLoaded(
    async () => {
      const pages = await Promise.all(Array.from({ length: page }, (_, index) => load(index + 1)));
      const last = pages.at(-1);
      return {
        items: pages.flatMap(({ items }) => items),
        total: last?.total ?? 0,
        more: page < (last?.pages ?? 0),
      };
    },
    `${String(key)}/${page}`,
  );
  return { ...loaded, more: () => setPage((value) => value + 1) };
}

import { useEffect } from 'preact/hooks';

/** The tab's title, which screen readers say first. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Homeroom`;
  }, [title]);
}

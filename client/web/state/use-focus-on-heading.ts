import { useEffect, useRef } from 'preact/hooks';

/**
 * After a change of page the focus goes to the new page's heading: it would be lost with the old page, and a screen reader
 * would say nothing. A page may come later, so its heading is waited for. Who has moved the focus meanwhile keeps it, and
 * the first page that is opened leaves it where the browser has put it.
 * @param place changes with the page
 */
export function useFocusOnHeading(place: string): void {
  const shown = useRef(place);
  useEffect(() => {
    if (shown.current === place) return undefined;
    shown.current = place;
    scrollTo(0, 0);
    const before = document.activeElement;
    const isTaken = (): boolean => ![before, document.body, null].includes(document.activeElement);
    const watch = new MutationObserver(() => {
      if (isTaken() || focusHeading()) watch.disconnect();
    });
    if (!focusHeading()) watch.observe(document.body, { childList: true, subtree: true });
    return () => watch.disconnect();
  }, [place]);
}

/** @returns whether there is a heading */
function focusHeading(): boolean {
  const heading = document.querySelector<HTMLElement>('main h1');
  if (!heading) return false;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  return true;
}

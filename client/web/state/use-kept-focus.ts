import { useEffect } from 'preact/hooks';

/** What the focus may go to. Fields of text are left out, since a phone would open its keyboard. */
const NEXT = 'button:not(:disabled), a[href], summary, select';

/**
 * A button often goes when it is pressed, and the browser drops its focus then: the keyboard would begin at the top of the
 * page, and a screen reader would say nothing. So the focus goes to what follows in the same section, or else to the page's
 * heading. A button that is disabled for a while gets it back.
 */
export function useKeptFocus(): void {
  useEffect(keepFocus, []);
}

function keepFocus(): () => void {
  let last: HTMLElement | null = null;
  const note = ({ target }: Event): void => {
    last = target instanceof HTMLElement ? target : null;
  };
  // Who presses beside it has taken the focus away.
  const forget = ({ target }: Event): void => {
    if (target instanceof Node && !last?.contains(target)) last = null;
  };
  const watch = new MutationObserver(records => {
    if (!last || (document.activeElement ?? document.body) !== document.body) return;
    const next = last.isConnected ? last : followerOf(last, records);
    if (!next.matches(':disabled')) next.focus({ preventScroll: true });
  });
  document.addEventListener('focusin', note);
  document.addEventListener('pointerdown', forget, true);
  watch.observe(document.body, {
    ...{ childList: true, subtree: true },
    ...{ attributes: true, attributeFilter: ['disabled'] },
  });
  return () => {
    watch.disconnect();
    document.removeEventListener('focusin', note);
    document.removeEventListener('pointerdown', forget, true);
  };
}

/** What follows the place that this element had, in its section. */
function followerOf(gone: HTMLElement, records: readonly MutationRecord[]): HTMLElement {
  const removal = records.find(({ removedNodes }) => [...removedNodes].some(node => node.contains(gone)));
  const added = new Set(records.flatMap(({ addedNodes }) => [...addedNodes]));
  let before = removal?.previousSibling ?? null;
  while (before && added.has(before)) before = before.previousSibling;
  const isBehind = (one: Element): boolean =>
    !before?.isConnected || (before.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  let place = removal?.target instanceof Element ? removal.target : null;
  for (; place?.closest('section'); place = place.parentElement) {
    const found = [...place.querySelectorAll<HTMLElement>(NEXT)].filter(isShown);
    const next = found.find(isBehind) ?? (place.matches('section') ? found.at(-1) : undefined);
    if (next) return sendingButton(next, place) ?? next;
  }
  return headingOf(document);
}

/** Of a form that the place is not in, the button that sends it: that is what the form is for. */
function sendingButton(next: HTMLElement, place: Element): HTMLElement | null {
  const form = next.closest('form');
  if (!form || form.contains(place)) return null;
  const found = form.querySelector<HTMLElement>('button[type=submit]:not(:disabled)');
  return found && isShown(found) ? found : null;
}

/** Not what is folded away. */
const isShown = (one: HTMLElement): boolean => one.checkVisibility();

function headingOf(page: Document): HTMLElement {
  const heading = page.querySelector<HTMLElement>('main h1') ?? page.body;
  heading.tabIndex = -1;
  return heading;
}

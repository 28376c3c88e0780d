/** Of https://developers.cloudflare.com/turnstile/get-started/client-side-rendering/ what is used here. */
interface TurnstileOptions {
  readonly sitekey: string;
  readonly action: string;
  readonly theme: 'auto';
  readonly size: 'flexible' | 'compact';
  readonly 'response-field': false;
  /** By itself Turnstile asks for a new token every five minutes, also after the first one has done its work. */
  readonly 'refresh-expired': 'never';
  readonly callback: (token: string) => void;
  /** It has told of the error itself if it returns true. Turnstile tries again by itself. */
  readonly 'error-callback': (code: string) => boolean;
  readonly 'unsupported-callback': () => void;
}

export interface Turnstile {
  /** @returns the name of the widget; undefined if it cannot be shown */
  render(container: HTMLElement, options: TurnstileOptions): string | null | undefined;
  /** Shows the check anew. */
  reset(widget: string): void;
}

declare global {
  interface Window {
    turnstile?: Turnstile;
  }
}

/** Cloudflare wants it to be loaded from there and nowhere else. */
const SCRIPT = 'https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit';

/** A network that drops what it does not like says nothing. */
const LOAD_MS = 20_000;

/** Rejects if the script does not come. */
export function loadTurnstile(): Promise<Turnstile> {
  const script = document.createElement('script');
  script.src = SCRIPT;
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(new Error('the script of the check did not come'));
    const timer = setTimeout(fail, LOAD_MS);
    script.onerror = fail;
    script.onload = () => {
      clearTimeout(timer);
      if (window.turnstile) resolve(window.turnstile);
      else fail();
    };
    document.head.append(script);
  });
}

/** The widget is 300 pixels wide at least, unless it is a compact one. */
const NARROW = 340;

interface Heard {
  readonly onToken: (token: string) => void;
  readonly onError: (code: string) => void;
  readonly onUnsupported: () => void;
}

/** @returns the name of the widget; undefined if it cannot be shown */
export const showCheck = (
  turnstile: Turnstile,
  container: HTMLElement,
  sitekey: string,
  { onToken, onError, onUnsupported }: Heard,
): string | null | undefined =>
  turnstile.render(container, {
    ...{ sitekey, action: 'join', theme: 'auto', 'response-field': false, 'refresh-expired': 'never' },
    size: innerWidth < NARROW ? 'compact' : 'flexible',
    callback: onToken,
    'error-callback': code => {
      onError(code);
      return true;
    },
    'unsupported-callback': onUnsupported,
  });

import { dismissHostLink, hostLink } from '../state/host-link.ts';
import { LinkButton } from '../ui/link-button.tsx';
import { hostWords } from '../words/host-words.ts';

/** What became of the host key in the link that was opened. */
export function HostLinkNote({ run }: { run: string }) {
  const words = hostWords();
  const state = hostLink(run);
  if (state === 'none') return null;
  const texts = {
    checking: words.linkChecking,
    taken: words.linkTaken,
    wrong: words.linkWrong,
    unreached: words.linkUnreached,
  };
  return (
    <p class={state === 'wrong' ? 'card error' : 'card note'} role="status" data-testid="host-link">
      {texts[state]}{' '}
      {state !== 'checking' && <LinkButton text={words.dismiss} onClick={() => dismissHostLink(run)} />}
    </p>
  );
}

import { useTitle } from '../state/use-title.ts';
import { TryBoard } from '../try/try-board.tsx';
import { tryWords } from '../words/try-words.ts';
import type { ExportedSubject } from './exported-subject.ts';

interface ExportedPageProps {
  readonly subject: ExportedSubject;
  readonly name: string;
}

/** The page of an export: its network, without a platform, without a server, without the Internet. */
export function ExportedPage({ subject, name }: ExportedPageProps) {
  const words = tryWords();
  useTitle(name);
  return (
    <main class="container try-page">
      <hgroup>
        <h1>{name}</h1>
        <p>{words.introEmbedded}</p>
      </hgroup>
      <TryBoard subject={subject} hasSamples={false} />
      <p class="muted note">{words.wholePage.standsAlone}</p>
    </main>
  );
}

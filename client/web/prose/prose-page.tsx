import type { ComponentType } from 'preact';
import { useMemo } from 'preact/hooks';
import { useTitle } from '../state/use-title.ts';
import { LaterPage } from '../ui/later-page.tsx';
import { type Language, languageNow } from '../words/language.ts';
import type { ProseText } from './prose-text.ts';

type Load = () => Promise<ProseText>;

const texts = {
  about: {
    en: async () => (await import('../words/en/about.tsx')).about,
    de: async () => (await import('../words/de/about.tsx')).about,
  },
  how: {
    en: async () => (await import('../words/en/how.tsx')).how,
    de: async () => (await import('../words/de/how.tsx')).how,
  },
  privacy: {
    en: async () => (await import('../words/en/privacy.tsx')).privacy,
    de: async () => (await import('../words/de/privacy.tsx')).privacy,
  },
  check: {
    en: async () => (await import('../words/en/check.tsx')).check,
    de: async () => (await import('../words/de/check.tsx')).check,
  },
  trust: {
    en: async () => (await import('../words/en/trust.tsx')).trust,
    de: async () => (await import('../words/de/trust.tsx')).trust,
  },
} as const satisfies Readonly<Record<string, Readonly<Record<Language, Load>>>>;

type ProseName = keyof typeof texts;

export function ProsePage({ page }: { page: ProseName }) {
  // The same one at every rendering, so that the text is loaded once.
  const load = useMemo(() => () => shownIn(texts[page][languageNow()]), [page]);
  return <LaterPage load={load} props={{}} />;
}

async function shownIn(load: Load): Promise<ComponentType> {
  const text = await load();
  return () => <Shown text={text} />;
}

function Shown({ text: { title, intro, Body } }: { text: ProseText }) {
  useTitle(title);
  return (
    <div class="prose">
      <hgroup>
        <h1>{title}</h1>
        <p>{intro}</p>
      </hgroup>
      <Body />
    </div>
  );
}

import { render } from '@testing-library/preact';
import { afterEach, describe, expect, it } from 'vitest';
import { NetworkDrawing } from '../../client/web/run/network-drawing.tsx';
import { RoundCharts } from '../../client/web/run/round-charts.tsx';
import { SettingsPanel } from '../../client/web/run/settings-panel.tsx';
import { VolunteerTable } from '../../client/web/run/volunteer-table.tsx';
import { TestHere } from '../../client/web/try/test/test-here.tsx';
import { type Language, loadLanguage } from '../../client/web/words/language.ts';
import { type Dataset, exampleKind, type HostedDataset } from '../../shared/protocol/dataset.ts';
import { byId, factsOf, RUN, roundOf, viewOf, volunteerOf } from './some-run.ts';

afterEach(() => loadLanguage('en'));

const part = { sha256: 'a'.repeat(64), bytes: 16 + 2 * 3, examples: 2 };
const table: HostedDataset = {
  ...{ kind: 'hosted', name: 'penguins', shape: { height: 1, width: 2, channels: 1 }, classes: 2 },
  ...{ partition: { kind: 'iid' }, train: [part], test: [part] },
  columns: ['bill', 'flipper'].map(name => ({ name, least: 0, most: 1 })),
};

/** All that the page of a run says where it names examples. */
function pageOf(dataset: Dataset): string {
  const { spec, model, ...facts } = factsOf();
  const { height, width, channels } = table.shape;
  const told = {
    ...facts,
    spec: { ...spec, dataset },
    model: dataset === table ? { ...model, inputShape: [height, width, channels] } : model,
  };
  const view = viewOf({ volunteers: byId(volunteerOf('ann')), rounds: [roundOf(1, { accuracy: 0.5 })] });
  const kind = exampleKind(dataset);
  const { container } = render(
    <>
      <NetworkDrawing facts={told} view={view} changedIn={{}} />
      <RoundCharts kind={kind} rounds={view.rounds} target={0.9} openedAt={0} />
      <VolunteerTable kind={kind} run={RUN} view={view} policy={{ cohorts: 'auto' }} />
      <TestHere facts={told} version={1} />
      <SettingsPanel facts={told} />
    </>,
  );
  for (const details of container.querySelectorAll('details')) details.open = true;
  return [
    container.textContent,
    ...Array.from(container.querySelectorAll('[aria-label]'), each => each.getAttribute('aria-label')),
  ].join('\n');
}

describe('the page of a run that learns a table', () => {
  it.each<[Language, RegExp, readonly string[]]>([
    ['en', /picture/i, ['2 columns', 'Rows/s', 'Accuracy on test rows', 'on the test rows']],
    ['de', /bild(?!schirm)/i, ['2 Spalten', 'Zeilen/s', 'Genauigkeit auf Testzeilen', 'Testzeilen']],
  ])('speaks of rows and columns, and of no pictures, in %s', async (language, pictures, said) => {
    await loadLanguage(language);
    const text = pageOf(table);
    expect(text).not.toMatch(pictures);
    for (const words of said) expect(text).toContain(words);
  });

  it('is the only one: a run of pictures speaks of pictures', () => {
    const text = pageOf(factsOf().spec.dataset);
    for (const words of ['picture', 'Pictures/s', 'Accuracy on test pictures', 'on the test pictures'])
      expect(text).toContain(words);
  });
});

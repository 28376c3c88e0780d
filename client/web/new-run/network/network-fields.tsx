import type { Dataset } from '../../../../shared/protocol/dataset.ts';
import { datasetClasses, datasetShape } from '../../../../shared/protocol/dataset.ts';
import { zooNames } from '../../../../shared/protocol/model-zoo.ts';
import { suitedNetwork, unfitFor } from '../../../host/zoo/suited-network.ts';
import { mostZooSegments } from '../../../host/zoo/zoo-outline.ts';
import { networksWords } from '../../words/networks-words.ts';
import { newRunWords } from '../../words/new-run-words.ts';
import { ChoiceCard, ChoiceGroup } from '../choice-cards.tsx';
import { SelectField } from '../field.tsx';
import { useForm } from '../form-context.ts';
import { OwnModelField } from '../own-model/own-model-field.tsx';
import type { OwnModelState } from '../own-model/use-own-model.ts';
import { PlanFields } from '../plan/plan-fields.tsx';
import { defaults, type FormReading, modelOf } from '../read-new-run-form.ts';
import { NetworkFigures } from './network-figures.tsx';

/** The most segments that the page offers. The command line takes more. */
const MOST_SEGMENTS = 8;

interface NetworkFieldsProps {
  readonly dataset: Dataset;
  readonly reading: FormReading;
  readonly own: OwnModelState;
}

/** Which network learns, in one sentence. All other choices are folded away. */
export function NetworkFields({ dataset, reading, own }: NetworkFieldsProps) {
  const words = newRunWords();
  const { values, initial } = useForm();
  const suited = suitedNetwork(dataset);
  const model = modelOf(values, dataset, own.model);
  const isSuited = !own.model && (values.model ?? '') === '';
  const isOpen = ['model', 'plan'].some(
    name => (initial[name] ?? '') !== '' && initial[name] !== 'layer-to-layer',
  );
  return (
    <section class="card" aria-labelledby="network-title">
      <h2 id="network-title">{words.network}</h2>
      <p data-testid="chosen-network">
        {isSuited ? networksWords().suitsWhich(suited.name, suited.reason) : <strong>{model}</strong>}
      </p>
      <details class="choose" open={isOpen}>
        <summary>{words.change}</summary>
        <ZooFields dataset={dataset} reading={reading} />
        <OwnModelField own={own} />
        <SegmentsField dataset={dataset} own={own} />
        <PlanFields />
      </details>
    </section>
  );
}

function ZooFields({ dataset, reading }: Omit<NetworkFieldsProps, 'own'>) {
  const words = networksWords();
  const suited = suitedNetwork(dataset);
  const fitting = zooNames.filter(name => unfitFor(name, dataset) === null);
  const unfit = zooNames.filter(name => !fitting.includes(name));
  const card = (name: string) => (
    <ChoiceCard key={name} name="model" value={name} standard="" title={name} text={words.goodFor(name)}>
      <NetworkFigures name={name} reading={reading} />
    </ChoiceCard>
  );
  const withBatchNorm = fitting.filter(name => name.endsWith('-bn'));
  return (
    <ChoiceGroup name="model" legend={words.group}>
      <ChoiceCard
        name="model"
        value=""
        standard=""
        title={words.suits}
        text={words.suitsWhich(suited.name, suited.reason)}
      />
      {fitting.filter(name => !name.endsWith('-bn')).map(card)}
      {withBatchNorm.length > 0 && (
        <details>
          <summary>{words.batchNorm}</summary>
          <p class="muted">{words.batchNormHint}</p>
          {withBatchNorm.map(card)}
        </details>
      )}
      {unfit.length > 0 && <NotOffered names={unfit} dataset={dataset} />}
    </ChoiceGroup>
  );
}

/** Why a network is missing from the list. */
function NotOffered({ names, dataset }: { names: readonly string[]; dataset: Dataset }) {
  const words = networksWords();
  return (
    <details>
      <summary>{words.notOffered}</summary>
      <ul>
        {names.map(name => {
          const unfit = unfitFor(name, dataset);
          return (
            <li key={name}>
              <strong>{name}</strong>: {unfit && words.unfit(unfit)}
            </li>
          );
        })}
      </ul>
    </details>
  );
}

/** As many as the network has places for. How many places a network of one's own has is not known before it is built. */
function SegmentsField({ dataset, own }: { dataset: Dataset; own: OwnModelState }) {
  const words = newRunWords();
  const { values } = useForm();
  const model = modelOf(values, dataset, own.model);
  const most = own.model
    ? MOST_SEGMENTS
    : Math.min(MOST_SEGMENTS, mostZooSegments(model, datasetShape(dataset), datasetClasses(dataset)));
  const counts = Array.from({ length: Math.max(1, most - 1) }, (_, i) => String(i + 2));
  return (
    <SelectField
      key={`${model} ${most}`}
      name="segments"
      label={words.segments}
      value={String(defaults.segments)}
      options={counts.map(count => [count, count])}
      hint={
        most < MOST_SEGMENTS ? `${words.segmentsHint} ${words.segmentsFew(String(most))}` : words.segmentsHint
      }
    />
  );
}

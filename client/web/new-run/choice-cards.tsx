import type { ComponentChildren } from 'preact';
import { FieldNotes } from './field.tsx';
import type { FieldName } from './field-names.ts';
import { useForm } from './form-context.ts';

interface ChoiceGroupProps {
  readonly name: FieldName;
  readonly legend: string;
  readonly children: ComponentChildren;
}

/** A choice of which each option is told in a few lines. Its error stands behind all options. */
export function ChoiceGroup({ name, legend, children }: ChoiceGroupProps) {
  const { errors } = useForm();
  return (
    <div
      role="radiogroup"
      class="choices"
      id={`field-${name}`}
      tabIndex={-1}
      aria-invalid={errors[name] ? true : undefined}
      aria-labelledby={`legend-${name}`}
      aria-describedby={`error-${name}`}
    >
      <h3 id={`legend-${name}`}>{legend}</h3>
      <FieldNotes name={name} />
      {children}
    </div>
  );
}

interface ChoiceCardProps {
  readonly name: FieldName;
  readonly value: string;
  /** The option that is chosen at first, unless the form begins with another. */
  readonly standard: string;
  readonly title: string;
  readonly text: string;
  readonly children?: ComponentChildren;
}

export function ChoiceCard({ name, value, standard, title, text, children }: ChoiceCardProps) {
  const { initial } = useForm();
  const id = `choice-${name}-${value || 'standard'}`;
  return (
    <div class="choice">
      <label>
        <input
          type="radio"
          name={name}
          value={value}
          defaultChecked={(initial[name] ?? standard) === value}
          aria-describedby={`${id}-text`}
        />
        <strong>{title}</strong>
      </label>
      <div id={`${id}-text`}>
        <p>{text}</p>
        {children}
      </div>
    </div>
  );
}

interface LinkButtonProps {
  readonly text: string;
  /** For screen readers, if the text alone does not say of what it is. */
  readonly label?: string;
  readonly isDisabled?: boolean;
  readonly onClick: () => void;
}

/** A button that looks like a link, beside text. */
export const LinkButton = ({ text, label, isDisabled = false, onClick }: LinkButtonProps) => (
  <button type="button" class="link-button" aria-label={label} disabled={isDisabled} onClick={onClick}>
    {text}
  </button>
);

interface LinkButtonProps {
  readonly text: string;
  /** For screen readers, if the text alone does not say of what it is. */
  readonly label?: string;
  readonly isDisabled?: boolean;
  /** It keeps the focus, and a press does nothing. */
  readonly isBusy?: boolean;
  readonly testId?: string;
  readonly onClick: () => void;
}

/** A button that looks like a link, beside text. */
export const LinkButton = ({ text, label, isDisabled = false, isBusy, testId, onClick }: LinkButtonProps) => (
  <button
    type="button"
    class="link-button"
    aria-label={label}
    aria-disabled={isBusy}
    disabled={isDisabled}
    data-testid={testId}
    onClick={() => isBusy || onClick()}
  >
    {text}
  </button>
);

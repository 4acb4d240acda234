import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps, TooltipTrigger } from 'react-aria-components';
import { Hint } from './Hint.tsx';

type ButtonProps = Omit<AriaButtonProps, 'children' | 'className'> & {
  readonly children: ReactNode;
  /** `danger` only where something can break. */
  readonly kind?: 'primary' | 'danger' | 'quiet' | 'plain';
  readonly small?: boolean;
  readonly icon?: LucideIcon;
};

export function Button({ children, kind = 'plain', small = false, icon: Icon, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} className={`button ${kind} ${small ? 'small' : ''}`}>
      {Icon === undefined ? null : <Icon size={small ? 14 : 16} aria-hidden />}
      {children}
    </AriaButton>
  );
}

type IconButtonProps = Omit<AriaButtonProps, 'children' | 'className' | 'aria-label'> & {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly small?: boolean;
};

/** A square button; its label is its name and its tooltip. */
export function IconButton({ label, icon: Icon, small = true, ...rest }: IconButtonProps) {
  return (
    <TooltipTrigger delay={500}>
      <AriaButton {...rest} aria-label={label} className={`button quiet icon ${small ? 'small' : ''}`}>
        <Icon size={16} aria-hidden />
      </AriaButton>
      <Hint>{label}</Hint>
    </TooltipTrigger>
  );
}

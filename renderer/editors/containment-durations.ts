/** How long a containment can be made to last in the window, in seconds; the command line takes any time up to 30 days. */
export const CONTAINMENT_DURATIONS = [
  { value: '1800', text: '30 minutes' },
  { value: '3600', text: '1 hour' },
  { value: '14400', text: '4 hours' },
  { value: '86400', text: '1 day' },
  { value: '604800', text: '7 days' },
] as const;

export type ContainmentDuration = (typeof CONTAINMENT_DURATIONS)[number]['value'];

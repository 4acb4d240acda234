import { z } from 'zod';
import { AIRGAP_ASKS } from '../../routes.ts';

/** Which half of the screen is shown, what is asked for, and for which host, as it stands in the address. */
export const airgapSearch = z.object({
  view: z.enum(['audit']).optional().catch(undefined),
  ask: z.enum(AIRGAP_ASKS).optional().catch(undefined),
  host: z.string().max(64).optional().catch(undefined),
});
export type AirgapSearch = z.infer<typeof airgapSearch>;

import { z } from 'zod';
import { Kpi } from '../model/kpi.ts';

export const KpiReport = z.strictObject({ fromMs: z.number().int(), toMs: z.number().int(), kpis: z.array(Kpi) });
export type KpiReport = z.infer<typeof KpiReport>;

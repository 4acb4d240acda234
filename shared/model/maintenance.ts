import { z } from 'zod';
import { ZoneName } from './names.ts';
import { Schedule } from './schedule.ts';

export const MAX_WINDOWS = 100;

/** When hosts of a zone may be pushed to. `zone` null: those of every zone that has none of its own, and hosts in no zone. */
export const MaintenanceWindow = z.strictObject({ zone: ZoneName.nullable(), schedule: Schedule });
export type MaintenanceWindow = z.infer<typeof MaintenanceWindow>;

/** At most one for each zone, which may have several stretches a week. A host that none of them is about may be pushed to at any time. */
export const MaintenanceWindows = z
  .array(MaintenanceWindow)
  .max(MAX_WINDOWS)
  .refine((windows) => new Set(windows.map(({ zone }) => zone)).size === windows.length, 'a zone has one maintenance window; write its stretches into one: Sat 22:00-04:00; Sun 22:00-04:00 Europe/Berlin');
export type MaintenanceWindows = z.infer<typeof MaintenanceWindows>;

/** A window as it stands at one moment. `changesAtMs`: when it shuts, or opens; null: not within two years. */
export const WindowState = z.strictObject({ zone: ZoneName.nullable(), timeZone: z.string(), isOpen: z.boolean(), changesAtMs: z.number().int().nullable() });
export type WindowState = z.infer<typeof WindowState>;

/** What a plan would change while the window stands so. `hosts`: names, not empty. */
export const PlanWindow = WindowState.extend({ hosts: z.array(z.string()) });
export type PlanWindow = z.infer<typeof PlanWindow>;

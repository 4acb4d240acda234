import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { FlowSource } from '../model/flow-source.ts';
import { FlowCount, FlowCountQuery, FlowExportEvent, FlowFilters, FlowPage, FlowPageQuery, FlowView, FlowViewName } from './flow-pages.ts';
import { FlowImportInput, FlowImportResult } from './flow-imports.ts';
import { MapPicture, MapPlace, MapPositions, MapQuery } from './map-query.ts';
import { DraftVerdicts, FlowQuery, FlowRow, MapView } from './views.ts';
import { KeepFlowDays } from './workspace-settings.ts';
import { call, done, none, progressOf } from './contract-call.ts';

/** What was seen: lists, pages, the map, imports. */
export const flowsContract = {
  list: call.input(FlowQuery).output(z.strictObject({ rows: z.array(FlowRow), total: z.number().int() })),
  /** The same from a place on, and answered within a fraction of a second over any number of flows; aborting ends it. */
  page: call.input(FlowPageQuery).output(FlowPage),
  count: call.input(FlowCountQuery).output(FlowCount),
  /** Named filters, by name; saving under a name that is taken replaces that view. */
  views: call.input(none).output(z.array(FlowView)),
  saveView: call.input(z.strictObject({ name: FlowViewName, filters: FlowFilters })).output(FlowView),
  removeView: call.input(z.strictObject({ name: FlowViewName })).output(done),
  /** All that match, whatever `limit` and `offset` say. */
  verdicts: call.input(FlowQuery).output(DraftVerdicts),
  map: call.input(MapQuery).output(MapView),
  /** What is shown, as CSV; cells that a spreadsheet would run are neutralised. */
  mapCsv: call.input(MapQuery).output(z.strictObject({ text: z.string(), rows: z.number().int() })),
  /** At most 20, by name or address. */
  mapFind: call.input(z.strictObject({ text: z.string().max(200) })).output(z.array(MapPlace)),
  /** `isKept`: where the layout put them, so that the next picture puts them there again; a place by hand goes before that. */
  savePositions: call.input(MapPositions).output(done),
  /** Forgets every place of a picture, by hand or kept. */
  forgetPositions: call.input(z.strictObject({ picture: MapPicture })).output(done),
  /** Reads a log of something that has no agent; stored as a source, whole or not at all. Leaving or aborting stores nothing. SOURCE_KNOWN for a file that was imported before. */
  importLog: call.input(FlowImportInput).output(progressOf(FlowImportResult)),
  /** What was imported, newest first; and taking one out again with all of its flows. */
  sources: call.input(none).output(z.array(FlowSource)),
  removeSource: call.input(z.strictObject({ id: z.number().int().positive() })).output(done),
  /** What would go with the next collect if flows were kept for so many days: flows nobody saw since, and those of which only the older hours go. */
  forgettable: call.input(z.strictObject({ keepDays: KeepFlowDays })).output(z.strictObject({ beforeMs: z.number().int(), gone: z.number().int(), shortened: z.number().int() })),
  /** All that match, whatever `limit` and `offset` say, as they were when it began: RFC 4180 with a header row, in parts; cells that a spreadsheet would run are neutralised. Leaving or aborting ends it. */
  exportCsv: call.input(FlowQuery).output(eventIterator(FlowExportEvent)),
};

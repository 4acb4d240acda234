import { z } from 'zod';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const nameSchema = (what: string) =>
  z.string().regex(NAME, `${what} starts with a letter or digit, then letters, digits and . _ - (63 at most)`);

/** Unique within a workspace, compared as written (case matters). */
export const HostName = nameSchema('a host name');
export const ZoneName = nameSchema('a zone name');
export const ServiceName = nameSchema('a service name');
export const IpListName = nameSchema('an IP list name');

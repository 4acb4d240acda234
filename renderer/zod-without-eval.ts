import { z } from 'zod';

// zod probes `new Function` when the first object schema is made, which the CSP and Trusted Types report
// (LIBRARIES.md P5). So this module is the first import of main.tsx, before any module that makes a schema.
z.config({ jitless: true });

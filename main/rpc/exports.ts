import { exportAnsible } from '../services/ansible-export.ts';
import { exportPolicy } from '../services/export-policy.ts';
import { makeImages } from '../services/image-export.ts';
import { os } from './implementer.ts';

export const exportsRouter = {
  make: os.exports.make.handler(({ context, input }) => exportPolicy(context, input)),
  ansible: os.exports.ansible.handler(({ context, input }) => exportAnsible(context, input)),
  images: os.exports.images.handler(({ context, input }) => makeImages(context, input)),
};

import type { DocumentOptions, ParseOptions, SchemaOptions } from 'yaml';

/** YAML as Ansible reads it: version 1.1, in which `yes` is true and `<<` merges. Times stay text. Keys may come twice, the last counts. */
export const ANSIBLE_YAML: DocumentOptions & ParseOptions & SchemaOptions = {
  version: '1.1',
  uniqueKeys: false,
  logLevel: 'silent',
  customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:timestamp'),
};

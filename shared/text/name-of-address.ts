/** The name that a host has until somebody gives it a better one: its address, colons written as `-`, since no name has them. */
export const nameOfAddress = (address: string): string => address.replaceAll(':', '-').replace(/^-+/, 'v6-');

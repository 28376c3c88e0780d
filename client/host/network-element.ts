/** Id of the element in which the page of an export holds its network. */
export const NETWORK_ELEMENT = 'homeroom-network';

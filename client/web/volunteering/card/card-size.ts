/** As wide and high as the previews of most messengers. */
export const CARD_WIDTH = 1_200;
export const CARD_HEIGHT = 630;

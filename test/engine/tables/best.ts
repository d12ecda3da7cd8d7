/**
 * Which seats are the best available. A line without indent names a case; below it stand what is
 * asked for, the outcome when it is refused, and the rows of the hall, `section/row` with `@rank`
 * where it is given, as pictures of their places before and after:
 *
 *     .  available     A  available, accessible
 *     X  sold          H  held
 *     B  blocked       _  no seat
 *
 * and after: the seats that are found, in the order in which they are found, as 1 to 9 and then
 * letters from a. Ranks of seats stand between the two behind `#`, a digit a place.
 */
export const best = `
the first place of the first row comes first
  best 2
  A/1  ....  12..
  A/2  ....

seats side by side are found past taken ones
  best 2
  A/1  .X...X.  .X12.X.

a window may fit exactly
  best 3
  A/1  X...X  X123X

seats are neighbours when their places differ by one, not when a gap lies between them
  best 2
  A/1  ._..  ._12

two sides of a gap are not together
  best 2 → NOT_TOGETHER
  A/1  ._._.

held and blocked seats are taken as sold ones are
  best 2
  A/1  .H.B.X.H..  .H.B.X.H12

rows are visited by rank, not by name
  best 1
  A/1@3  ..
  A/2@1  ..  1.
  A/3@2  ..

a rank of 0 comes before all
  best 2
  A/1@1  ...
  A/2@0  ...  12.

rows of the same rank are visited in order of appearance
  best 1
  B/1@2  .
  A/9@1  .  1
  A/1@1  .

rows without a rank are visited as they appear, over all sections
  best 2
  B/2  X.
  A/1  ..  12
  B/1  ..

a row that appears late with the rank of the first is visited after it
  best 2
  A/1  ..  12
  A/2@1  ..

a row that has no window is passed over
  best 3
  A/1@1  ..X..X..
  A/2@2  .......  123....

a window without orphans is sought in later rows first
  best 2
  A/1@1  ...
  A/2@2  ..  12

an orphan before the window is avoided
  best 2
  A/1  X...X
  A/2  ..X  12X

an orphan at the first place, before the window, is avoided
  best 2
  A/1 #9119 ....  12..

an orphan at the last place, after the window, is avoided
  best 3
  A/1 #1119  ....
  A/2  ...  123

an orphan between the window and a taken seat is avoided
  best 2
  A/1  ...X
  A/2  ..X  12X

an orphan between the window and a gap is avoided
  best 2
  A/1  ..._.
  A/2  ..  12

an orphan between a gap and the window is avoided
  best 2
  A/1  _...X
  A/2  ..  12

an accessible seat left alone is an orphan
  best 2
  A/1  ..AX..  ..AX12

an accessible seat left alone on the other side is an orphan
  best 2
  A/1  XA..
  A/2  ..  12

two seats left side by side are no orphans, though one is accessible
  best 2
  A/1  ...AX  12.AX

a seat that is alone already does not count as an orphan
  best 2
  A/1  .X..X.  .X12X.

a single seat can orphan too
  best 1
  A/1  ..X...  ..X1..

a single seat leaves no orphan where it stands alone
  best 1
  A/1  ..X.X..  ..X1X..

a single seat in the middle of three would leave two orphans
  best 1
  A/1 #212 ...  1..
  A/2 #1   .

where every window orphans, the first row with a window is taken
  best 2
  A/1@1  ...  12.
  A/2@2  X...X

where every window orphans, the lowest ranks of the first row with a window win
  best 2
  A/1  #211 ...  .12
  A/2  ...

in the first row with a window, the lowest sum of ranks wins
  best 2
  A/1 #5432154  .......  ...12..

of windows with the same sum the lowest place wins
  best 2
  A/1 #33311333  ..X..X..  ..X12X..
  A/2 #0000  ....

equal sums at several places go by place
  best 2
  A/1 #212121  ......  12....

where the lowest sum orphans, the next is taken
  best 2
  A/1 #511455  ......  ..12..

ranks count within a row, not over rows
  best 2
  A/1@1 #999  ..X  12X
  A/2@2 #111  ..X

a seat's rank may be 0
  best 1
  A/1 #11011  .....  ..1..

where a row has a window without orphans, later rows are not looked at
  best 2
  A/1@1 #91199  .....  12...
  A/2@2 #11111  ..

accessible seats are left to requests for them
  best 2
  A/1@1  AA
  A/2@9  ..  12

a window may not reach over an accessible seat, while another has none
  best 3
  A/1@1  ..A..
  A/2@2  ...  123

accessible seats are given when nothing else is together
  best 3
  A/1@1  ..A..X  123..X
  A/2@2  ..

when nothing else is together all seats count alike
  best 2
  A/1@1  .A.  12.
  A/2@2  X.X

an ordinary window that orphans comes before an open one that does not
  best 2
  A/1@1  AA
  A/2@2  ...  12.

a request for accessible seats gets only accessible ones
  best 2 accessible
  A/1@1  A.A.
  A/2@2  .AA.  .12.

accessible seats that are not together are not given together
  best 2 accessible → NOT_TOGETHER
  A/1  A.A.A

accessible seats orphan ordinary ones
  best 1 accessible
  A/1@1  .AX
  A/2@2  A..  1..

accessible seats go by lowest ranks
  best 1 accessible
  A/1 #332133  ..AA..  ..A1..

accessible seats that all orphan go by lowest ranks
  best 1 accessible
  A/1 #3213  .AA.  .A1.

fewer accessible seats than asked for are sold out
  best 2 accessible → SOLD_OUT
  A/1  .A..

a wish for a section is met only in it
  best 2 section=B
  A/1  ....
  B/1@9  .X..  .X12
  A/2  ..

a section with too few seats is sold out, even when others have enough
  best 2 section=B → SOLD_OUT
  A/1  ....
  B/1  .X

a section may have enough seats, but not together
  best 2 section=B → NOT_TOGETHER
  A/1  ....
  B/1  .X.

too few seats over all rows are sold out
  best 4 → SOLD_OUT
  A/1  .X.
  A/2  .

too few with the accessible ones are sold out
  best 4 → SOLD_OUT
  A/1  .XA
  A/2  .

enough with the accessible ones are not together
  best 3 → NOT_TOGETHER
  A/1  .XA
  A/2  .

seats in two rows are not together
  best 3 → NOT_TOGETHER
  A/1  ..
  A/2  ..

a split is not made while there is a window, even one that orphans
  best 2 split
  A/1  .X.X...  .X.X12.

a split is not made while there is a window with accessible seats
  best 2 split
  A/1  .X.X.A  .X.X12

a split may stay in one row
  best 3 split
  A/1@1  .X.X
  A/2@9  X.X.X..  X1X2X3.

a split in one row is by place, not by rank
  best 2 split
  A/1 #987  .X.X.  1X2X.

a split may take two rows that follow each other
  best 3 split
  A/1  XX
  A/2  .X.X  1X2X
  A/3  .XX  3XX

among equally few rows a split takes the first
  best 3 split
  A/1  .X.X  1X2X
  A/2  .XX  3XX
  A/3  .X.X

a split starts in the first possible row, even when a row within gives no seat
  best 2 split
  A/1  .X  1X
  A/2  XX
  A/3  .X  2X
  B/1  XX
  B/2  X

the rows of a split follow each other by appearance, not by rank
  best 2 split
  A/1@9  .X  1X
  A/2@1  XX
  A/3@8  .X  2X

fewer rows come before an earlier section
  best 3 split
  A/1  .
  A/2  .
  A/3  .
  B/1  .X.  1X2
  B/2  .  3

an earlier section comes before a later one, whatever the ranks
  best 2 split
  A/1@9  .X  1X
  A/2@8  .X  2X
  B/1@1  .X
  B/2@1  .X

sections are early by their appearance, not by their name
  best 2 split
  B/1  .X  1X
  A/1  .X
  B/2  .X  2X
  A/2  .X

a split keeps to one section where one has enough
  best 3 split
  A/1  ..
  B/1  .X  1X
  B/2  .X.  2X3
  C/1  ..

rows of another section in between do not part rows of one
  best 2 split
  A/1  .X  1X
  B/1  X
  A/2  .X  2X

a split that no section has goes over all rows, as they are visited
  best 4 split
  A/1@4  .X.  2X3
  B/1@1  .  1
  C/1@5  .X.  4X.

over all rows a row's seats are taken by place
  best 5 split
  A/1@3  .X.  4X5
  B/1@2  .X.  2X3
  C/1@1  .  1

a split takes ordinary seats of a section before accessible ones
  best 2 split
  A/1  AXA
  A/2  .X  1X
  A/3  .X  2X

a split takes accessible seats where a section needs them, before it leaves the section
  best 3 split
  A/1  .X.  1X2
  A/2  A  3
  B/1  .

a split with accessible seats also takes the fewest rows
  best 3 split
  A/1  A
  A/2  X
  A/3  .X.  1X2
  B/1  .
  A/4  A  3
  B/2  .

a split over all rows takes accessible seats as they come
  best 4 split
  A/1@2  .XA  2X3
  B/1@1  A  1
  C/1@3  .  4

a split may be of accessible seats
  best 3 split accessible
  A/1  .A.A  .1.2
  A/2  ..A.  ..3.
  B/1  A

a split of accessible seats may go over all rows
  best 3 split accessible
  A/1@2  .A  .2
  B/1@3  A.  3.
  C/1@1  .A  .1

a split of a section stays in it
  best 3 split section=B
  A/1  .....
  B/1  .X  1X
  B/2  .X.  2X3

a split in a section with too few seats is sold out
  best 3 split section=B → SOLD_OUT
  A/1  .....
  B/1  .X.

a split may take everything
  best 5 split
  A/1@2  .XA  3X4
  B/1@3  .  5
  C/1@1  .X.  1X2

a split of more seats than are left is sold out
  best 4 split → SOLD_OUT
  A/1  .X.
  B/1  .

places near the end of a word of bits are found
  best 3
  A/1  XXXXXXXXXXXXXXXXXXXXXXXXXXXXX..X..X...X  XXXXXXXXXXXXXXXXXXXXXXXXXXXXX..X..X123X

a window may cross the border of a word of bits
  best 4
  A/1  XXXXXXXXXXXXXXXXXXXXXXXXXXXXX....X  XXXXXXXXXXXXXXXXXXXXXXXXXXXXX1234X

an orphan across the border of a word of bits is avoided
  best 2
  A/1  XXXXXXXXXXXXXXXXXXXXXXXXXXXXX...X..X  XXXXXXXXXXXXXXXXXXXXXXXXXXXXX...X12X

a window may be long
  best 12
  A/1  ...........X............X  ...........X123456789abcX
`;

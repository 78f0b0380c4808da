"""Names of synthetic people. A change to a list changes who everybody is: the same seed then makes other people."""

from __future__ import annotations

FIRST_NAMES_MALE = tuple(
    """
    Aaron Abdul Alan Andre Anthony Ben Brian Callum Carl Chinedu Connor Daniel Darren Dev Dylan Ethan Farid
    Gareth Gordon Hamza Harry Ian Idris Imran Jack Jamal Jason Jorge Kai Kamal Karl Kieran Leon Liam Luca Marcus
    Mateusz Mohammed Nathan Neil Omar Owen Patrick Pavel Quentin Rashid Ryan Samir Scott Sean Stefan Tariq Theo
    Tomasz Umar Victor Wayne Xavier Yusuf Zack
    """.split()  # noqa: SIM905  easier to read than a list
)
FIRST_NAMES_FEMALE = tuple(
    """
    Abigail Aisha Alice Amara Anna Beata Bethan Carly Chloe Dawn Deepa Donna Ebony Elena Emily Fatima Fiona
    Gemma Grace Hannah Heather Ines Isla Jasmine Jodie Kayleigh Kerry Laila Leanne Lucy Mairead Maria Meera
    Natalie Nia Olivia Paige Priya Rachel Rosie Sade Sian Sophie Stacey Tanya Tia Ursula Vera Wendy Yasmin Zoe
    """.split()  # noqa: SIM905  easier to read than a list
)
LAST_NAMES = tuple(
    """
    Abbott Ackroyd Adeyemi Ahmed Ainsworth Akhtar Allard Appleby Ashdown Aziz Bagnall Bairstow Banerjee
    Barraclough Begum Bellamy Bielski Birtwistle Blackwood Blenkinsop Bose Bramhall Brennan Cadwallader Capstick
    Carew Chowdhury Clegg Cobbold Corrigan Crabtree Dalgleish Danso Davenport Delaney Dhillon Dinsdale Doyle
    Driscoll Eastwood Ekwueme Entwistle Fairclough Farouk Featherstone Fitzgerald Fothergill Gallagher Garside
    Ghosh Gill Greenhalgh Grewal Haddad Hargreaves Hebblethwaite Higginbottom Holroyd Hussain Ibekwe Illingworth
    Jankowski Jessop Kapoor Kaur Kershaw Kowalski Lancaster Lazenby Leatherbarrow Lockwood Lomax Mahmood Mensah
    Micklethwaite Mistry Molloy Nowak Nuttall Obi O'Connor Ogden Okafor Oldroyd Osei Ormerod Parkinson Patel
    Peasgood Pilkington Quigley Rafferty Rahman Ramsbottom Rowbotham Sangha Scholefield Shufflebottom Sidhu
    Singh Smedley Stubbs Sugden Tattersall Thackeray Thistlethwaite Uddin Unsworth Varley Wainwright Walmsley
    Whitworth Winterbottom Wojcik Wrigley Yeboah Younis Zielinski
    """.split()  # noqa: SIM905  easier to read than a list
)

"""Words that never count in a search and are never stored: articles, prepositions, postpositions, conjunctions, pronouns, particles, auxiliary verbs."""

from vocabulary.words.tokens import MAX_WORD, tokens

ENGLISH = """
a an the this that these those and or but nor so yet if as than because while though although whether
of in on at by for from to with without into onto upon over under above below between among through during before after about against
across along around behind beside besides beyond despite down inside outside near off out per since toward towards until up via within
i me my mine we us our ours you your yours he him his she her hers it its they them their theirs who whom whose which what
myself ourselves yourself himself herself itself themselves someone something anyone anything everyone everything each every any some such
is am are was were be been being do does did done have has had having can could will would shall should may might must
not no only also too very just more most much many both either neither other another same own there here then when where why
isn't aren't wasn't weren't don't doesn't didn't haven't hasn't hadn't can't cannot couldn't won't wouldn't shouldn't i'm i've it's
"""

RUSSIAN = """
и а но или либо да же ли ни не бы что чтобы если когда как так то тоже также хотя потому поэтому зато однако ибо будто
в во на с со к ко у о об обо от ото до из изо за по под подо над надо при про для без безо через перед передо между среди около возле вокруг
после кроме вместо ради сквозь вдоль внутри против насчет насчёт благодаря согласно
я меня мне мной мы нас нам нами ты тебя тебе тобой вы вас вам вами он его ему им нем нём она ее её ей ею ней оно они их ими них ним ними него нее неё
себя себе собой мой моя мое моё мои моего моей моих моим твой твоя твои наш наша наше наши нашего нашей наших нашим ваш ваша ваше ваши вашей ваших
свой своя свое своё свои своего своей своих своим своими этот эта это эти этого этой этих этим тот та те того той тех тем
кто кого кому кем чем чего чему который которая которое которые которого которой которых которым которыми
какой какая какое какие чей весь вся все всё всего всей всех всем всеми каждый каждая каждое сам сама сами самый самая самое другой другие
быть был была было были есть будет будут будучи является являются
уже еще ещё лишь только очень более менее там тут здесь где куда откуда
"""

KAZAKH = """
және мен пен бен да де та те немесе не болмаса бірақ алайда өйткені себебі егер сондықтан ал ма ме ба бе па пе ғой
үшін туралы жайлы бойынша арқылы дейін кейін соң бері сайын сияқты секілді ретінде қарай шейін қатар бірге арасында үстінде астында ішінде
менің маған мені менде менімен біз біздің бізге бізді сен сенің сіз сіздің сізге сізді ол оның оған оны онда олар олардың оларға оларды
өз өзі өзінің өзіне бұл бұның мына мынау сол осы анау кім не қай қандай қайсы қанша барлық барлығы бәрі әр әрбір кейбір бір
болып болады болған болатын еді екен емес бар жоқ тек ғана тағы өте ең
"""

KYRGYZ = """
жана менен да де до дө же болбосо бирок анткени эгер ошондуктан ал бы би бу бү беле
үчүн жөнүндө тууралуу боюнча аркылуу чейин кийин соң бери сайын сыяктуу катары карай бирге арасында үстүндө астында ичинде
мен менин мага мени менде биз биздин бизге бизди сен сенин сиз сиздин сизге сизди анын ага аны анда алар алардын аларга аларды
өз өзү өзүнүн өзүнө бул мунун мына ушул ошол тигил ким эмне кайсы кандай канча баары бардык ар бир кээ
болуп болот болгон эле экен эмес бар жок гана дагы эң
"""

UZBEK = """
va hamda bilan yoki yo lekin ammo biroq chunki agar shuning ham esa na mi
uchun haqida toʻgʻrisida boʻyicha orqali qadar keyin soʻng beri sari kabi singari sifatida birga oʻrtasida ustida ostida ichida
men mening menga meni menda biz bizning bizga bizni sen sening siz sizning sizga sizni u uning unga uni unda ular ularning ularga ularni
oʻz oʻzi oʻzining oʻziga bu buning mana ushbu shu oʻsha kim nima qaysi qanday qancha barcha hamma har bir baʼzi
boʻlib boʻladi boʻlgan edi ekan emas bor yoʻq faqat yana juda eng
ва ҳамда билан ёки ё лекин аммо бироқ чунки агар шунинг ҳам эса на ми
учун ҳақида тўғрисида бўйича орқали қадар кейин сўнг бери сари каби сингари сифатида бирга ўртасида устида остида ичида
мен менинг менга мени менда биз бизнинг бизга бизни сен сенинг сиз сизнинг сизга сизни у унинг унга уни унда улар уларнинг уларга уларни
ўз ўзи ўзининг ўзига бу бунинг мана ушбу шу ўша ким нима қайси қандай қанча барча ҳамма ҳар бир баъзи
бўлиб бўлади бўлган эди экан эмас бор йўқ фақат яна жуда энг
"""

TAJIK = """
ва ё аммо лекин вале балки зеро чунки агар ки то ҳам низ на не
дар ба аз бо бе барои то оид роҷеъ доир тавассути байни миёни пеш пас баъд баъди зери болои назди дарбораи бар чун ҳамчун
ман маро ту туро мо моро шумо шуморо ӯ вай онҳо эшон худ худи худро ин он ҳамин ҳамон кӣ чӣ чи кадом чанд ҳар ҳама ҳамаи баъзе як
аст ҳаст нест буд будан будани шуд шудан мебошад мебошанд шудааст танҳо хеле бисёр
"""

TURKMEN = """
we hem ýa ýa-da emma ýöne sebäbi eger şonuň üçin bilen hakda hakynda boýunça arkaly çenli soň soňra bäri ýaly hökmünde tarap bile arasynda üstünde astynda içinde
men meniň maňa meni mende biz biziň bize bizi sen seniň siz siziň size sizi ol onuň oňa ony onda olar olaryň olara olary
öz özi öziniň özüne bu munuň şu şol ine kim näme haýsy nähili näçe ähli hemme her bir käbir
bolup bolýar bolan eken däl bar ýok diňe ýene örän iň da de
"""

FUNCTION_WORDS = frozenset(word for listed in (ENGLISH, RUSSIAN, KAZAKH, KYRGYZ, UZBEK, TAJIK, TURKMEN) for word in tokens(listed))


def is_function_word(word: str) -> bool:
    """Articles, prepositions, conjunctions, postpositions, pronouns in any of the seven languages: never counts in a query, never stored."""
    return word in FUNCTION_WORDS or not FUNCTION_WORDS.isdisjoint(tokens(word[:MAX_WORD])[:1])

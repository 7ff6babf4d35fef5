"""Words that say nothing about a feeling, by language.

Knows the lists of the Snowball project (copyright 2001 Dr Martin Porter, 2002 Richard Boulton; BSD
licence) for English and six other languages, with the spellings that people use in a hurry ("dont",
"u", "vc"). They are short on purpose: longer lists hold "good" and "best", which are what a reader
wants to see.
"""

from __future__ import annotations

STOP_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": """
            a about above after again against ain't aint all also am an and any are aren't
            arent as at be because been before being below between both but by can can't
            cannot cant could couldn't couldnt did didn't didnt do does doesn't doesnt
            doing don't dont down during each few for from further gonna gotta had hadn't
            hadnt has hasn't hasnt have haven't havent having he her here hers herself him
            himself his how i i'm if im in into is isn't isnt it its itself ive just let's
            may me might more most must mustn't my myself no nor not now of off on once
            only or other ought our ours ourselves out over own same shall shan't she
            should shouldn't so some such than that thats the their theirs them themselves
            then there theres these they theyre this those through to too u under until up
            ur us very wanna was wasn't wasnt we were weren't werent what whats when where
            which while who whom why will with won't wont would wouldn't wouldnt you your
            youre yours yourself yourselves
        """,
        "es": """
            a al algo algunas algunos ante antes como con contra cual cuando de del desde
            donde durante e el ella ellas ellos en entre era erais eran eras eres es esa
            esas ese eso esos esta estaba estabais estaban estabas estad estada estadas
            estado estados estamos estando estar estaremos estará estarán estarás estaré
            estaréis estaría estaríais estaríamos estarían estarías estas este estemos
            esto estos estoy estuve estuviera estuvierais estuvieran estuvieras estuvieron
            estuviese estuvieseis estuviesen estuvieses estuvimos estuviste estuvisteis
            estuviéramos estuviésemos estuvo está estábamos estáis están estás esté estéis
            estén estés fue fuera fuerais fueran fueras fueron fuese fueseis fuesen fueses
            fui fuimos fuiste fuisteis fuéramos fuésemos ha habida habidas habido habidos
            habiendo habremos habrá habrán habrás habré habréis habría habríais habríamos
            habrían habrías habéis había habíais habíamos habían habías han has hasta hay
            haya hayamos hayan hayas hayáis he hemos hube hubiera hubierais hubieran
            hubieras hubieron hubiese hubieseis hubiesen hubieses hubimos hubiste
            hubisteis hubiéramos hubiésemos hubo la las le les lo los me mi mis mucho
            muchos muy más mí mía mías mío míos nada ni no nos nosotras nosotros nuestra
            nuestras nuestro nuestros o os otra otras otro otros para pero poco por porque
            pq q que quien quienes qué se sea seamos sean seas sentid sentida sentidas
            sentido sentidos seremos será serán serás seré seréis sería seríais seríamos
            serían serías seáis si siente sin sintiendo sobre sois somos son soy su sus
            suya suyas suyo suyos sí también tanto te tendremos tendrá tendrán tendrás
            tendré tendréis tendría tendríais tendríamos tendrían tendrías tened tenemos
            tenga tengamos tengan tengas tengo tengáis tenida tenidas tenido tenidos
            teniendo tenéis tenía teníais teníamos tenían tenías ti tiene tienen tienes
            todo todos tu tus tuve tuviera tuvierais tuvieran tuvieras tuvieron tuviese
            tuvieseis tuviesen tuvieses tuvimos tuviste tuvisteis tuviéramos tuviésemos
            tuvo tuya tuyas tuyo tuyos tú un una uno unos vosostras vosostros vuestra
            vuestras vuestro vuestros xq y ya yo él éramos
        """,
        "pt": """
            a ao aos aquela aquelas aquele aqueles aquilo as até com como da das de dela
            delas dele deles depois do dos e ela elas ele eles em entre era eram essa
            essas esse esses esta estamos estas estava estavam este esteja estejam
            estejamos estes esteve estive estivemos estiver estivera estiveram estiverem
            estivermos estivesse estivessem estivéramos estivéssemos estou está estávamos
            estão eu foi fomos for fora foram forem formos fosse fossem fui fôramos
            fôssemos haja hajam hajamos havemos hei houve houvemos houver houvera houveram
            houverei houverem houveremos houveria houveriam houvermos houverá houverão
            houveríamos houvesse houvessem houvéramos houvéssemos há hão isso isto já lhe
            lhes mais mas me mesmo meu meus minha minhas muito na nas nem no nos nossa
            nossas nosso nossos num numa não né nós o os ou para pela pelas pelo pelos por
            pra pro q qual quando que quem se seja sejam sejamos sem serei seremos seria
            seriam será serão seríamos seu seus somos sou sua suas são só também te tem
            temos tenha tenham tenhamos tenho terei teremos teria teriam terá terão
            teríamos teu teus teve tinha tinham tive tivemos tiver tivera tiveram tiverem
            tivermos tivesse tivessem tivéramos tivéssemos tu tua tuas tá tém tínhamos tô
            um uma vc vcs você vocês vos à às éramos
        """,
        "fr": """
            ai aie aient aies ait as au aura aurai auraient aurais aurait auras aurez
            auriez aurions aurons auront aux avaient avais avait avec avez aviez avions
            avons ayant ayante ayantes ayants ayez ayons c c'est ce ces d dans de des du
            elle en es est et eu eue eues eurent eus eusse eussent eusses eussiez eussions
            eut eux eûmes eût eûtes furent fus fusse fussent fusses fussiez fussions fut
            fûmes fût fûtes il j je l la le leur lui m ma mais me mes moi mon même n ne
            nos notre nous on ont ou par pas pour qu que qui s sa se sera serai seraient
            serais serait seras serez seriez serions serons seront ses soient sois soit
            sommes son sont soyez soyons suis sur t ta te tes toi ton tu un une vos votre
            vous y à ça étaient étais était étant étante étantes étants étiez étions été
            étée étées étés êtes
        """,
        "de": """
            aber alle allem allen aller alles als also am an ander andere anderem anderen
            anderer anderes anderm andern anderr anders auch auf aus bei bin bis bist da
            damit dann das dass dasselbe dazu dein deine deinem deinen deiner deines dem
            demselben den denn denselben der derer derselbe derselben des desselben dessen
            dich die dies diese dieselbe dieselben diesem diesen dieser dieses dir doch
            dort du durch ein eine einem einen einer eines einig einige einigem einigen
            einiger einiges einmal er es etwas euch euer eure eurem euren eurer eures für
            gegen gewesen hab habe haben hat hatte hatten hier hin hinter ich ihm ihn
            ihnen ihr ihre ihrem ihren ihrer ihres im in indem ins ist jede jedem jeden
            jeder jedes jene jenem jenen jener jenes jetzt kann kein keine keinem keinen
            keiner keines können könnte machen man manche manchem manchen mancher manches
            mein meine meinem meinen meiner meines mich mir mit muss musste nach nicht
            nichts noch nun nur ob oder ohne sehr sein seine seinem seinen seiner seines
            selbst sich sie sind so solche solchem solchen solcher solches soll sollte
            sondern sonst um und uns unse unsem unsen unser unses unter viel vom von vor
            war waren warst was weg weil weiter welche welchem welchen welcher welches
            wenn werde werden wie wieder will wir wird wirst wo wollen wollte während
            würde würden zu zum zur zwar zwischen über
        """,
        "it": """
            a abbia abbiamo abbiano abbiate ad agl agli ai al all alla alle allo anche
            avemmo avendo avesse avessero avessi avessimo aveste avesti avete aveva
            avevamo avevano avevate avevi avevo avrai avranno avrebbe avrebbero avrei
            avremmo avremo avreste avresti avrete avrà avrò avuta avute avuti avuto c che
            chi ci coi col come con contro cui da dagl dagli dai dal dall dalla dalle
            dallo degl degli dei del dell della delle dello di dov dove e ebbe ebbero ebbi
            ed era erano eravamo eravate eri ero essendo faccia facciamo facciano facciate
            faccio facemmo facendo facesse facessero facessi facessimo faceste facesti
            faceva facevamo facevano facevate facevi facevo fai fanno farai faranno
            farebbe farebbero farei faremmo faremo fareste faresti farete farà farò fece
            fecero feci fosse fossero fossi fossimo foste fosti fu fui fummo furono gli ha
            hai hanno ho i il in io l la le lei li lo loro lui ma mi mia mie miei mio ne
            negl negli nei nel nell nella nelle nello noi non nostra nostre nostri nostro
            o per perché più quale quanta quante quanti quanto quella quelle quelli quello
            questa queste questi questo sarai saranno sarebbe sarebbero sarei saremmo
            saremo sareste saresti sarete sarà sarò se sei si sia siamo siano siate siete
            sono sta stai stando stanno starai staranno starebbe starebbero starei
            staremmo staremo stareste staresti starete starà starò stava stavamo stavano
            stavate stavi stavo stemmo stesse stessero stessi stessimo steste stesti
            stette stettero stetti stia stiamo stiano stiate sto su sua sue sugl sugli sui
            sul sull sulla sulle sullo suo suoi ti tra tu tua tue tuo tuoi tutti tutto un
            una uno vi voi vostra vostre vostri vostro è
        """,
        "ru": """
            а без более больше будет будто бы был была были было быть в вам вас вдруг ведь
            во вот впрочем все всегда всего всех всю вы где да даже два для до другой его
            ее ей ему если есть еще ж же за зачем здесь и из или им иногда их к как какая
            какой когда конечно кто куда ли между меня мне много может можно мой моя мы на
            над надо наконец нас не него нее ней нельзя нет ни нибудь никогда ним них
            ничего но ну о об один он она они опять от перед по под после потом потому
            почти при про раз разве с сам свою себе себя сейчас со совсем так такой там
            тебя тем теперь то тогда того тоже только том тот три тут ты у уж уже хоть
            чего чем через что чтоб чтобы чуть эти этого этой этом этот эту я
        """,
    }.items()
}

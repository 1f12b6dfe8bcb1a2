package dev.argus;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.argus.bus.Message;
import dev.argus.command.Serve;
import dev.argus.deploy.CancelToken;
import dev.argus.deploy.Cancelled;
import dev.argus.instance.Effect;
import dev.argus.instance.Happening;
import dev.argus.instance.RestartPolicy;
import dev.argus.instance.Restarts;
import dev.argus.instance.Situation;
import dev.argus.instance.Transitions;
import dev.argus.probe.HealthTracker;
import dev.argus.service.CatalogVerticle;
import io.vertx.core.Deployable;
import java.util.List;
import java.util.Set;

/**
 * What docs/architecture.md says of the structure, held against the classes. Where a rule has an exception, it stands here by name and
 * with its reason; nothing else may join it.
 */
@AnalyzeClasses(packages = "dev.argus", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String VERTX = "io.vertx..";
    private static final String ROOT = "dev.argus";

    // what knows no Vert.x

    @ArchTest
    static final ArchRule processesKnowNothingOfVertx = noClasses()
            .that()
            .resideInAPackage("dev.argus.process..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(VERTX)
            .because("they block, and are called from workers and virtual threads");

    @ArchTest
    static final ArchRule decisionsArePure = noClasses()
            .that(belongToAnyOf(
                    Transitions.class,
                    RestartPolicy.class,
                    Restarts.class,
                    Situation.class,
                    Happening.class,
                    Effect.class,
                    HealthTracker.class))
            .should()
            .dependOnClassesThat(resideInAnyPackage(VERTX, "java.io..", "java.nio..", "java.net..", "java.sql.."))
            .orShould()
            .dependOnClassesThat(are(belongToAnyOf(java.util.Random.class, java.time.Clock.class)))
            .because("time and chance are given to them, so that a test can run through years of them");

    /** These turn values into JSON and back, for which Argus uses the JSON of Vert.x and nothing else of it. */
    private static final DescribedPredicate<JavaClass> READ_OR_WRITE_JSON = called(
            "dev.argus.service.SpecCodec",
            "dev.argus.service.SpecReader",
            "dev.argus.service.RunPlanCodec",
            "dev.argus.service.StrictJson",
            "dev.argus.service.ServiceRecords",
            "dev.argus.service.manifest.PlanResolver");

    private static DescribedPredicate<JavaClass> called(String... names) {
        return DescribedPredicate.describe(
                "are " + String.join(", ", names),
                each -> List.of(names).contains(outermost(each).getFullName()));
    }

    @ArchTest
    static final ArchRule valuesOfServicesKnowNothingOfVertx = noClasses()
            .that(resideInAPackage("dev.argus.service..")
                    .and(not(READ_OR_WRITE_JSON))
                    .and(not(belongToAnyOf(CatalogVerticle.class))))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(VERTX);

    @ArchTest
    static final ArchRule codecsOfServicesKnowOnlyTheJsonOfVertx = noClasses()
            .that(READ_OR_WRITE_JSON)
            .should()
            .dependOnClassesThat(resideInAPackage(VERTX).and(not(resideInAPackage("io.vertx.core.json.."))));

    // who may know whom

    @ArchTest
    static final ArchRule onlyTheStoreKnowsSql = noClasses()
            .that()
            .resideOutsideOfPackage("dev.argus.store..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..");

    @ArchTest
    static final ArchRule theClientKnowsNothingOfTheServer = classes()
            .that()
            .resideInAPackage("dev.argus.client..")
            .should()
            .onlyDependOnClassesThat(
                    resideInAnyPackage("dev.argus.client..", "java..", "javax.net.ssl..", "picocli..", "org.jspecify..")
                            .and(not(resideInAPackage("java.net.http.."))))
            .because("it knows the REST interface alone, and every library costs it start-up time");

    @ArchTest
    static final ArchRule theServerKnowsNothingOfTheClient = noClasses()
            .that()
            .resideOutsideOfPackage("dev.argus.client..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.argus.client..");

    @ArchTest
    static final ArchRule onlyTheCompositionKnowsVerticles = classes()
            .that()
            .areAssignableTo(Deployable.class)
            .should(beKnownToTheCompositionAlone())
            .because("features meet by messages; Argus alone puts them together");

    private static ArchCondition<JavaClass> beKnownToTheCompositionAlone() {
        return new ArchCondition<>("be known to Argus alone") {
            @Override
            public void check(JavaClass verticle, ConditionEvents events) {
                for (Dependency use : verticle.getDirectDependenciesToSelf()) {
                    JavaClass user = outermost(use.getOriginClass());
                    boolean known = user.equals(verticle) || user.isEquivalentTo(Argus.class);
                    events.add(new SimpleConditionEvent(use, known, use.getDescription()));
                }
            }
        };
    }

    private static JavaClass outermost(JavaClass each) {
        return each.getEnclosingClass().map(ArchitectureTest::outermost).orElse(each);
    }

    @ArchTest
    static final ArchRule featuresDoNotKnowTheComposition = noClasses()
            .that(resideInAPackage("dev.argus.*..").and(not(belongToAnyOf(Serve.class))))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT)
            .because("Serve, which starts the server, is the one command that needs it");

    @ArchTest
    static final ArchRule theBusKnowsNoFeature = noClasses()
            .that()
            .resideInAPackage("dev.argus.bus..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.argus..").and(not(resideInAPackage("dev.argus.bus.."))));

    // cycles

    @ArchTest
    static final ArchRule featuresAreFreeOfCycles =
            slices().matching("dev.argus.(*)..").should().beFreeOfCycles();

    /** Inside of deploy, fetching and building know of it only how they are cancelled. */
    @ArchTest
    static final ArchRule fetchingAndBuildingKnowOnlyHowTheyAreCancelled = noClasses()
            .that()
            .resideInAnyPackage("dev.argus.deploy.git..", "dev.argus.deploy.build..")
            .should()
            .dependOnClassesThat(
                    resideInAPackage("dev.argus.deploy").and(not(belongToAnyOf(CancelToken.class, Cancelled.class))));

    @ArchTest
    static final ArchRule fetchingAndBuildingDoNotKnowEachOther =
            slices().matching("dev.argus.deploy.(*)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule servicesDoNotKnowHowRepositoriesAreRead = noClasses()
            .that()
            .resideInAPackage("dev.argus.service")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.argus.service.manifest..");

    // habits

    @ArchTest
    static final ArchRule messagesAreRecords = classes()
            .that(are(assignableTo(Message.class)))
            .and()
            .areNotInterfaces()
            .should()
            .beRecords()
            .because("the bus hands the same object to every receiver");

    @ArchTest
    static final ArchRule kindsOfMessagesAreSealed = classes()
            .that(are(assignableTo(Message.class)))
            .and()
            .areInterfaces()
            .and()
            .resideOutsideOfPackage("dev.argus.bus")
            .should(beSealed())
            .because("their owners answer all of them in one switch");

    private static ArchCondition<JavaClass> beSealed() {
        return new ArchCondition<>("be sealed") {
            @Override
            public void check(JavaClass each, ConditionEvents events) {
                events.add(new SimpleConditionEvent(
                        each, each.reflect().isSealed(), each.getFullName() + " is not sealed"));
            }
        };
    }

    /**
     * Two sleep. The kernel tells nobody when a shim has made its child, so a virtual thread of Shim looks for it in growing steps,
     * as long as the launch lasts. And Pause is where the command line lets time pass between two questions to a server.
     */
    @ArchTest
    static final ArchRule nobodySleeps = noClasses()
            .that(not(called("dev.argus.process.Shim", "dev.argus.client.Pause")))
            .should()
            .callMethodWhere(DescribedPredicate.describe(
                    "it is a sleep",
                    call -> call.getName().equals("sleep")
                            && call.getTargetOwner().getPackageName().startsWith("java.")))
            .because("a wait is for something, and ends when that has come");

    @ArchTest
    static final ArchRule routesAreMadeInOnePlace = noClasses()
            .that(not(called("dev.argus.api.Operations", "dev.argus.api.ApiVerticle")))
            .should()
            .callMethodWhere(DescribedPredicate.describe(
                    "it makes a route",
                    call -> call.getTargetOwner().getFullName().equals("io.vertx.ext.web.Router")))
            .because("Operations lets nobody in without the gate and the rule of the contract");

    @ArchTest
    static final ArchRule namesSayWhatAClassIs = noClasses()
            .should()
            .haveNameMatching(".*(Manager|Helper|Helpers|Util|Utils|Utility)(\\$.*)?")
            .because("such a name fits anything");

    private static final Set<String> COMPARES_NO_SECRET = Set.of(
            "dev.argus.api.Gate.authenticate",
            "dev.argus.api.Gate.isSameOrigin",
            "dev.argus.api.SessionRoutes.login",
            "dev.argus.auth.AuthVerticle.lookAgain",
            "dev.argus.auth.AuthVerticle.serve",
            "dev.argus.auth.Role.of",
            "dev.argus.auth.Tokens.isPinned");

    /**
     * Those that are excepted compare what everybody may know: a scheme, an origin, the name of an account, the date of a file, the order of a list, a role, an
     * algorithm. Secrets are looked up by their hash, proven by a signature, or compared by the library that hashes passwords.
     */
    @ArchTest
    static final ArchRule noSecretIsComparedLetterByLetter = noClasses()
            .that()
            .resideInAPackage("dev.argus.auth..")
            .or(called("dev.argus.api.Gate", "dev.argus.api.SessionRoutes", "dev.argus.api.AccountRoutes"))
            .should()
            .callMethodWhere(DescribedPredicate.describe(
                    "it ends at the first letter that differs",
                    call -> Set.of(
                                            "equals",
                                            "contentEquals",
                                            "compareTo",
                                            "compare",
                                            "mismatch",
                                            "startsWith",
                                            "regionMatches")
                                    .contains(call.getTarget().getName())
                            && Set.of("java.lang.String", "java.util.Arrays", "java.util.Objects")
                                    .contains(call.getTargetOwner().getFullName())
                            && !COMPARES_NO_SECRET.contains(
                                    call.getOwner().getFullName().replaceAll("\\(.*", ""))))
            .because("how long a comparison takes tells how much of a secret was guessed");
}

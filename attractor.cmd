@echo off
rem Runs Attractor, and builds it first where that is needed. ATTRACTOR_JAVA_OPTS holds further options for the JVM,
rem ATTRACTOR_CLASSPATH further jars: jblas, tasks of your own; with ATTRACTOR_BUILD=never it runs what is there.
setlocal DisableDelayedExpansion
set "ROOT=%~dp0"
set "ATTRACTOR_HOME=%~dp0"
set "JAR=%ROOT%cli\target\attractor.jar"
set "LOG=%ROOT%target\launch.log"
set "NEEDS=Attractor needs a JDK, version 17 or newer"

if defined JAVA_HOME goto :java_home
set "JAVA=java.exe"
where java.exe >nul 2>nul && goto :java_found
echo attractor: no java on PATH and no JAVA_HOME; %NEEDS%>&2
exit /b 1

:java_home
set "JAVA=%JAVA_HOME%\bin\java.exe"
if exist "%JAVA%" goto :java_found
echo attractor: JAVA_HOME is %JAVA_HOME%, where there is no bin\java.exe; %NEEDS%>&2
exit /b 1

:java_found
rem STATE: 0, all is well; 3, a source is newer than the jar; 4, there is no jar, or it was cut short and lacks the record that ends
rem a zip file. Where PowerShell is absent or fails, only a jar of no bytes is seen, which a system that crashed leaves.
set "STATE=4"
set "SIZE=0"
if exist "%JAR%" for %%f in ("%JAR%") do set "SIZE=%%~zf"
if "%SIZE%"=="0" goto :looked
powershell -NoProfile -Command "$f = [IO.File]::Open($env:JAR, 'Open', 'Read', 'ReadWrite, Delete'); $b = New-Object byte[] 22; if ($f.Length -ge 22) { [void]$f.Seek(-22, 'End'); [void]$f.Read($b, 0, 22) }; $f.Close(); if ([BitConverter]::ToString($b, 0, 4) -ne '50-4B-05-06') { exit 4 }; if ($env:ATTRACTOR_BUILD) { exit 0 }; $jar = (Get-Item -LiteralPath $env:JAR).LastWriteTimeUtc; $s = 'pom.xml','core\pom.xml','core\src\build','core\src\main','cli\pom.xml','cli\src\main' | ForEach-Object { $p = Join-Path $env:ROOT $_; Get-Item -LiteralPath $p; Get-ChildItem -LiteralPath $p -Recurse }; if ($s | Where-Object { $_.LastWriteTimeUtc -gt $jar } | Select-Object -First 1) { exit 3 }"
set "STATE=%ERRORLEVEL%"

:looked
if not defined ATTRACTOR_BUILD goto :fresh
rem Whatever characters the value has: !NAME! is put in after the line is taken apart.
setlocal EnableDelayedExpansion
if "!ATTRACTOR_BUILD!"=="never" goto :never
echo attractor: ATTRACTOR_BUILD is !ATTRACTOR_BUILD!, expected never or nothing>&2
exit /b 1

:never
endlocal
if not "%STATE%"=="4" goto :run
echo attractor: there is no whole %JAR%, and ATTRACTOR_BUILD is never: run %~f0 once without it>&2
exit /b 1

:fresh
if "%STATE%"=="3" goto :build
if "%STATE%"=="4" goto :build

:run
set "COLLECTOR="
set "COMPILER="
rem These read one file after the other and need little memory: with this collector they take no more than they need.
if "%~1"=="study" for %%c in (status report wait) do if "%~2"=="%%c" set "COLLECTOR=-XX:+UseSerialGC -Xms32m"
rem These end before the JVM's optimising compiler would pay: without it they take half of the processor time.
if "%~1"=="study" for %%c in (status wait) do if "%~2"=="%%c" set "COMPILER=-XX:TieredStopAtLevel=1"
if not defined ATTRACTOR_JAVA_OPTS goto :chosen
setlocal EnableDelayedExpansion
if not "!ATTRACTOR_JAVA_OPTS:GC=!"=="!ATTRACTOR_JAVA_OPTS!" set "COLLECTOR="
if not "!ATTRACTOR_JAVA_OPTS:-Xms=!"=="!ATTRACTOR_JAVA_OPTS!" set "COLLECTOR="
if not "!ATTRACTOR_JAVA_OPTS:TieredStopAtLevel=!"=="!ATTRACTOR_JAVA_OPTS!" set "COMPILER="
if not "!ATTRACTOR_JAVA_OPTS:TieredCompilation=!"=="!ATTRACTOR_JAVA_OPTS!" set "COMPILER="
rem The values of this line are put in before it ends what was set above.
endlocal & set "COLLECTOR=%COLLECTOR%" & set "COMPILER=%COMPILER%"

:chosen
if defined ATTRACTOR_CLASSPATH goto :more
"%JAVA%" -XX:-UsePerfData --add-modules jdk.incubator.vector -Djava.awt.headless=true %COLLECTOR% %COMPILER% %ATTRACTOR_JAVA_OPTS% -jar "%JAR%" %*
exit /b %ERRORLEVEL%

:more
"%JAVA%" -XX:-UsePerfData --add-modules jdk.incubator.vector -Djava.awt.headless=true %COLLECTOR% %COMPILER% %ATTRACTOR_JAVA_OPTS% --enable-native-access=ALL-UNNAMED -cp "%JAR%;%ATTRACTOR_CLASSPATH%" attractor.cli.Main %*
exit /b %ERRORLEVEL%

:build
if not exist "%ROOT%target" mkdir "%ROOT%target" 2>nul
if not exist "%ROOT%cli\target" mkdir "%ROOT%cli\target" 2>nul
set "PROBE=%ROOT%target\launch-%RANDOM%%RANDOM%.probe"
2>nul (>"%PROBE%" echo.)
if not exist "%PROBE%" goto :readonly
del "%PROBE%"
"%JAVA%" -version >"%LOG%" 2>&1
set "VERSION=unknown"
for /f "usebackq tokens=2,3" %%a in ("%LOG%") do if "%%a"=="version" set "VERSION=%%~b"
for /f "delims=.-+" %%m in ("%VERSION%") do set /a "MAJOR=%%m"
if %MAJOR% geq 17 goto :compile
echo attractor: %JAVA% is version %VERSION%; %NEEDS%>&2
exit /b 1

:compile
echo attractor: building (about a minute) ...>&2
pushd "%ROOT%"
rem In folders of its own; the jar appears by a rename.
set "ASIDE=launch-%RANDOM%%RANDOM%%RANDOM%"
call mvnw.cmd -q -Dquick -Dmaven.test.skip=true "-Dattractor.target=target/%ASIDE%" -pl cli -am package >"%LOG%" 2>&1 <nul
set "CODE=%ERRORLEVEL%"
popd
if not "%CODE%"=="0" goto :failed
move /y "%ROOT%cli\target\%ASIDE%\attractor.jar" "%JAR%" >nul 2>nul
set "CODE=%ERRORLEVEL%"
for %%d in ("%ROOT%target" "%ROOT%core\target" "%ROOT%cli\target") do if exist "%%~d\%ASIDE%" rmdir /s /q "%%~d\%ASIDE%"
if "%CODE%"=="0" goto :run
rem Another one has built it meanwhile, and runs from it.
if exist "%JAR%" goto :run

:failed
for %%d in ("%ROOT%target" "%ROOT%core\target" "%ROOT%cli\target") do if exist "%%~d\%ASIDE%" rmdir /s /q "%%~d\%ASIDE%"
findstr /l /b /c:"[ERROR]" "%LOG%" >&2
echo attractor: the build failed; %LOG% has the rest>&2
exit /b 1

:readonly
if not "%STATE%"=="3" goto :nothing
echo attractor: sources have changed, but %ROOT% cannot be written to: this is the version built before>&2
goto :run

:nothing
echo attractor: there is no whole %JAR%, and %ROOT% cannot be written to, so that it cannot be built>&2
exit /b 1
